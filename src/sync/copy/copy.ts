import type { Row } from '#erp'

/** What became of one record in the ERP. `row` may hold only some fields: the others stay as they are. */
export type RecordChange =
  | { kind: 'put'; entity: string; key: string; row: Row }
  | { kind: 'remove'; entity: string; key: string }

/**
 * How far a source of changes has been followed. Positions of a source are texts in the order of their code units (numbers are
 * padded); `at` is the ISO instant up to which its changes are in. `follows` names the entities all of whose changes come from
 * this source: their copy is as old as `at`, that of the others as old as their last full sync.
 */
export type Position = { source: string; at: string; position: string; follows?: readonly string[] }

/** A change that made a difference, with the record before and after it; absent: there was none, there is none. */
export type AppliedChange = { entity: string; key: string; before?: Row; after?: Row }

/** A record of an entity by the key under which the ERP knows it. */
export type CopyRecord = { key: string; row: Row }

/** A page of a full sync, in the order of keys. `next` is where the following one begins; absent: this was the last. */
export type CopyPage = { records: CopyRecord[]; next: string | undefined; asOf: string }

/** A record that a full sync found otherwise than the copy had it, though no change had told of it. */
export type Difference = {
  key: string
  kind: 'missing' | 'surplus' | 'field'
  /** With `field`: which one, what the copy had and what the ERP has. */
  field?: string
  copy?: string | null
  erp?: string | null
}

/** What a finished full sync did. `kept`: records that changes have touched since it began. `differences` are the first few. */
export type FillReport = { added: number; changed: number; removed: number; kept: number; differences: Difference[] }

export type CopyEntityState = {
  entity: string
  /** Whether a full sync has finished since the entity has its present shape. */
  isFilled: boolean
  filledAt?: string
  /** The instant up to which changes of it are in; absent: none has come. */
  changedAt?: string
  /** The instant at which the copy was true: of the last full sync or of the last change. */
  asOf?: string
  records: number
  distrusted?: { at: string; reason: string }
}

/** Our replica of the ERP's records. What people are told from it is read through `createCopyConnector`. */
export type Copy = {
  /**
   * Brings the tables in line with the catalog; safe at each start, from several processes at once. An entity with a new field
   * needs a full sync before it answers again.
   */
  prepare(): Promise<void>
  /**
   * All changes and the position in one transaction. A position at or before the stored one is a redelivery and is skipped whole.
   * Returns what really changed. Then tells listeners of `copy_changed` the entities, separated by commas. Throws COPY_VALUE for
   * a value that its field cannot hold; nothing is applied then.
   */
  apply(changes: readonly RecordChange[], position: Position): Promise<AppliedChange[]>
  readPosition(source: string): Promise<Position | undefined>
  /** Answers refuse these entities from now on, until their next full sync. */
  distrust(entities: readonly string[] | 'all', reason: string): Promise<void>
  /**
   * Opens a full sync of one entity, or goes on with it: `cursor` is where its next page begins; `isRead`: the last page is
   * there, what is left is `finishFill`. Another run's that is under way is given up.
   */
  beginFill(run: string, entity: string): Promise<{ cursor: string | undefined; isRead: boolean }>
  /** Keeps a page and its cursor in one transaction. Throws COPY_FILL_LOST when another run has taken over. */
  stage(run: string, entity: string, page: CopyPage): Promise<void>
  /**
   * Makes what was staged the entity's state, in one transaction; a record that a change has touched since `beginFill` keeps
   * its state. The entity is trusted again, unless it was distrusted after `beginFill`. Throws COPY_FILL_LOST.
   */
  finishFill(run: string, entity: string): Promise<FillReport>
  abandonFill(run: string, entity: string): Promise<void>
  state(): Promise<CopyEntityState[]>
}
