import type { FileFault, YamlFile } from '#platform/yaml-file'

/** One thing wrong in a catalog file, with where it is. */
export type CatalogFault = FileFault

/** A parsed catalog file that can tell the line of any path in it. */
export type CatalogFile<T> = YamlFile<T>
