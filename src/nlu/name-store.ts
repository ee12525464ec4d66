import type { NameEntry } from './understanding.ts'

/** All names there are, and the revision they are of. Entries are in a fixed order: domain, name, code. */
export type Names = { revision: string; entries: NameEntry[] }

/** The ERP's names as we keep them, so that understanding needs no ERP. */
export type NameStore = {
  /** Names and revision of one moment. */
  read(): Promise<Names>
  /** The revision alone, for asking often. It changes with every change of the names, and only then. */
  readRevision(): Promise<string>
  /**
   * Makes `entries` all the names of a domain; readers see the old or the new ones, never a mix. Entries of other domains
   * are refused with an Error. Returns whether anything changed.
   */
  replace(domain: string, entries: NameEntry[]): Promise<boolean>
  /**
   * Adds names and takes names away, those of other names untouched; what is there gets the facts given. Returns whether anything
   * changed.
   */
  change(added: readonly NameEntry[], removed: readonly NameEntry[]): Promise<boolean>
}
