/** One thing wrong in a catalog file, with where it is. */
export type CatalogFault = { file: string; line: number; problem: string }

/** A parsed file that can tell the line of any path in it. */
export type CatalogFile<T> = { file: string; value: T; lineOf: (path: PropertyKey[]) => number }
