type Row = Record<string, unknown> | null
export type EventOptions = {
  op?: string
  before?: Row
  after?: Row
  table?: string
  commit?: number | null
  lsn?: number
}

/** A plain event as Debezium's JSON converter writes it without schemas. */
export function plainEvent({
  op = 'c',
  before = null,
  after = null,
  table = 'notes',
  commit = 100,
  lsn = 150,
}: EventOptions) {
  const source = {
    version: '2.7.3.Final',
    connector: 'postgresql',
    name: 'erp',
    ts_ms: 1_795_872_000_000,
    snapshot: 'false',
    db: 'erp',
    sequence: JSON.stringify([commit === null ? null : String(commit), String(lsn)]),
    schema: 'erp',
    table,
    txId: 565,
    lsn,
    xmin: null,
  }
  return { before, after, source, op, ts_ms: 1_795_872_000_142, transaction: null }
}

/** The same as a CloudEvent: its attributes, and its data apart. */
export function cloudEvent(type: string, options: EventOptions) {
  const { source, op, before, after } = plainEvent(options)
  const attributes = {
    id: `name:erp;lsn:${source.lsn};txId:565`,
    source: '/debezium/postgresql/erp',
    specversion: '1.0',
    type,
    time: '2026-11-28T13:20:00.000Z',
    datacontenttype: 'application/json',
    iodebeziumop: op,
    iodebeziumversion: source.version,
    iodebeziumconnector: source.connector,
    iodebeziumname: source.name,
    iodebeziumtsms: String(source.ts_ms),
    iodebeziumsnapshot: 'false',
    iodebeziumdb: source.db,
    iodebeziumsequence: source.sequence,
    iodebeziumschema: source.schema,
    iodebeziumtable: source.table,
    iodebeziumlsn: String(source.lsn),
    iodebeziumtxid: '565',
  }
  return { attributes, data: { before, after } }
}
