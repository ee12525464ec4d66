import pg from 'pg'

const { builtins } = pg.types
/** Kept as text: numbers exactly as stored, dates as ISO days. A date as a `Date` would move with the time zone. */
const textTypes: readonly number[] = [builtins.NUMERIC, builtins.INT8, builtins.DATE]

/** Read-only connections whose statements end after 10 s. */
export function openPool(databaseUrl: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 8,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    // The data is in memory: reading a row by key costs no disk seek, and no query is worth compiling.
    options: '-c random_page_cost=1.1 -c jit=off -c default_transaction_read_only=on -c DateStyle=ISO',
    types: {
      getTypeParser: ((oid: number, format?: 'text') =>
        textTypes.includes(oid)
          ? (text: string) => text
          : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  })
  // A connection that breaks while idle is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => undefined)
  return pool
}
