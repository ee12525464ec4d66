import { checkCatalog } from '#catalog'
import { formatFault } from '#platform/yaml-file'

// `npm run catalog:check [-- FOLDER MAPPING]`: prints each fault as file:line: problem and exits 1, or says what was read.
const [root = 'catalog', mapping = 'demo-odata'] = process.argv.slice(2)
const { catalog, faults } = checkCatalog(root, mapping)
for (const fault of faults) console.error(formatFault({ ...fault, file: `${root}/${fault.file}` }))
if (catalog) {
  const fields = Object.values(catalog.entities).flatMap((e) => [
    ...Object.keys(e.dimensions),
    ...Object.keys(e.measures),
  ])
  console.log(
    `${Object.keys(catalog.entities).length} entities, ${fields.length} fields, ${Object.keys(catalog.domains).length} name domains: no fault`,
  )
}
process.exitCode = catalog ? 0 : 1
