import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadCatalog } from '#catalog'
import { buildNameIndex, calibrateConfidence, writeConfidence } from '#nlu'
import { companyNames } from './company-names.ts'

// `npm run calibrate` learns how sure readings are and writes nlu-training/confidence.json; `-- --dry` only prints how well.
const { values } = parseArgs({
  options: {
    names: { type: 'string', default: 'demo/company.json' },
    catalog: { type: 'string', default: 'catalog' },
    mapping: { type: 'string', default: 'demo-odata' },
    dry: { type: 'boolean', default: false },
  },
})
const catalog = loadCatalog(values.catalog, values.mapping)
const entries = companyNames(JSON.parse(readFileSync(values.names, 'utf8')))
const { model, sentences, right, ece, auroc, answers } = calibrateConfidence(catalog, {
  entries,
  index: buildNameIndex(catalog, entries),
})
console.log(`sentences   ${sentences}, read right ${right}`)
console.log(
  `held out    calibration error ${ece.toFixed(3)}, right against wrong ${auroc.toFixed(3)} (area under the curve)`,
)
console.log(
  `threshold   ${model.leastToAnswer}: of ${answers.wrong} wrong answers ${answers.wrongStopped} are kept back, of ${answers.right} right ones ${answers.rightLost}`,
)
if (!values.dry) writeFileSync('nlu-training/confidence.json', writeConfidence(model))
