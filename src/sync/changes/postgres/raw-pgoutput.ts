import { type Pgoutput, PgoutputPlugin } from 'pg-logical-replication'

const asNumber = new Set([21, 23])
const boolean = 16

/** Exact texts for all but small integers and booleans: a date read as a `Date` would move with the time zone. */
function parserOf(typeOid: number): (text: string) => string | number | boolean {
  if (asNumber.has(typeOid)) return Number
  if (typeOid === boolean) return (text) => text === 't'
  return (text) => text
}

/** pgoutput with values as the database writes them, telling of each message as it arrives, before it waits its turn. */
export class RawPgoutputPlugin extends PgoutputPlugin {
  readonly #onArrival: () => void

  constructor(publication: string, onArrival: () => void) {
    super({ protoVersion: 1, publicationNames: [publication] })
    this.#onArrival = onArrival
  }

  override parse(buffer: Buffer): Pgoutput.Message {
    const message = super.parse(buffer)
    this.#onArrival()
    // The very object that the parser keeps for the rows that follow.
    if (message.tag === 'relation') for (const column of message.columns) column.parser = parserOf(column.typeOid)
    return message
  }
}
