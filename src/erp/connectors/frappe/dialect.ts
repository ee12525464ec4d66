import type { Server } from '../http/server-group.ts'

/** How a version of Frappe wants functions written: as SQL in a text (15 and before), or as an object (16 on). */
export type Dialect = 'text' | 'object'

/** The server does not take this dialect, or not this function. */
export class DialectRefused extends Error {
  override readonly name = 'DialectRefused'
}

export type FunctionName = 'count' | 'sum' | 'max' | 'min' | 'year' | 'month'

/** A function of a column under a name of ours. `column` is a bare field name, or one in full beside a joined table. */
export function writeFunction(dialect: Dialect, name: FunctionName, column: string, alias: string): unknown {
  return dialect === 'text' ? `${name}(${column}) as ${alias}` : { [name.toUpperCase()]: column, as: alias }
}

/** Which dialect each server speaks. A server may be upgraded under us, and two servers may differ. */
export type Dialects = {
  /** Does it in the server's dialect, or, once that is refused, in the other. Throws DialectRefused when neither is taken. */
  speak<T>(server: Server, attempt: (dialect: Dialect) => Promise<T>): Promise<T>
  /** Whether every server that we have heard of speaks it; false before that. */
  allSpeak(dialect: Dialect): boolean
}

/** `readMajor` finds a server's version, or undefined where it does not tell; newer servers are the first guess then. */
export function createDialects(readMajor: (server: Server) => Promise<number | undefined>): Dialects {
  const known = new Map<Server, Dialect>()
  const asking = new Map<Server, Promise<Dialect>>()

  async function find(server: Server): Promise<Dialect> {
    const major = (await readMajor(server)) ?? 16
    const dialect = known.get(server) ?? (major >= 16 ? 'object' : 'text')
    known.set(server, dialect)
    return dialect
  }

  function dialectOf(server: Server): Promise<Dialect> | Dialect {
    const found = known.get(server)
    if (found) return found
    const running = asking.get(server) ?? find(server).finally(() => asking.delete(server))
    asking.set(server, running)
    return running
  }

  return {
    speak: async (server, attempt) => {
      const dialect = await dialectOf(server)
      try {
        return await attempt(dialect)
      } catch (error) {
        if (!(error instanceof DialectRefused)) throw error
        const other = dialect === 'text' ? 'object' : 'text'
        const result = await attempt(other)
        known.set(server, other)
        return result
      }
    },
    allSpeak: (dialect) => known.size > 0 && [...known.values()].every((one) => one === dialect),
  }
}
