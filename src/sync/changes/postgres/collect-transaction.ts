import type { Pgoutput } from 'pg-logical-replication'
import type { ChangeRow, TableChange } from '../change-source.ts'
import { parseLsn } from './position.ts'

/** A committed transaction. `endLsn` is the first byte after its commit: everything before has been told. */
export type Transaction = { changes: TableChange[]; endLsn: bigint; atMs: number }

/**
 * Puts messages together to transactions. One of more rows than `maxRows` is not held in memory: instead of its rows it has a truncate of
 * each table, which says that nothing is known of the table's rows.
 */
export function createTransactionCollector(maxRows: number) {
  let changes: TableChange[] = []
  let committedAt = ''
  let tooBig: Set<string> | undefined
  let isOpen = false

  function add(change: TableChange): void {
    if (tooBig) tooBig.add(change.table)
    else if (changes.push(change) > maxRows) {
      tooBig = new Set(changes.map(({ table }) => table))
      changes = []
    }
  }

  function end({ commitEndLsn, commitTime }: Pgoutput.MessageCommit): Transaction {
    isOpen = false
    const kind = 'truncate' as const
    const told = tooBig ? [...tooBig].map((table) => ({ table, kind, committedAt })) : changes
    return { changes: told, endLsn: parseLsn(commitEndLsn ?? '0/0'), atMs: toMs(commitTime) }
  }

  return {
    isOpen: () => isOpen,
    /** The transaction that this message ends, if it does. */
    take(message: Pgoutput.Message): Transaction | undefined {
      switch (message.tag) {
        case 'begin':
          isOpen = true
          changes = []
          tooBig = undefined
          committedAt = new Date(toMs(message.commitTime)).toISOString()
          return undefined
        case 'insert':
          add({ table: nameOf(message.relation), kind: 'insert', after: message.new, committedAt })
          return undefined
        case 'update':
          add({
            table: nameOf(message.relation),
            kind: 'update',
            ...beforeOf(message),
            after: message.new,
            committedAt,
          })
          return undefined
        case 'delete':
          add({ table: nameOf(message.relation), kind: 'delete', ...beforeOf(message), committedAt })
          return undefined
        case 'truncate':
          for (const relation of message.relations) add({ table: nameOf(relation), kind: 'truncate', committedAt })
          return undefined
        case 'commit':
          return end(message)
        default:
          return undefined
      }
    },
  }
}

const nameOf = ({ schema, name }: Pgoutput.MessageRelation): string => `${schema}.${name}`

function beforeOf({ old, key }: { old: ChangeRow | null; key: ChangeRow | null }): { before?: ChangeRow } {
  const before = old ?? key
  return before ? { before } : {}
}

/** The protocol's microseconds since 1970, as the library reads them. */
const toMs = (time: bigint | { valueOf(): bigint }): number => Number(time.valueOf() / 1000n)
