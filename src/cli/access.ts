import { parseArgs } from 'node:util'
import { describePolicy, loadAccessRules, roles } from '#auth'
import { loadCatalog } from '#catalog'
import { printPolicy } from './print-policy.ts'

// `npm run -s access -- [--role sales] [--language ko|en] [--json]`: who may see and manage what, in words, as
// `access/roles.yaml` says it now. Needs no running service. Exit code 1 with one sentence, or every fault of the file.

const usage = `npm run -s access -- [--role ${roles.join('|')}] [--language ko|en] [--json]`

function readArguments() {
  const { values } = parseArgs({
    options: {
      role: { type: 'string' },
      language: { type: 'string', default: 'ko' },
      json: { type: 'boolean', default: false },
    },
  })
  const chosen = roles.filter((role) => values.role === undefined || role === values.role)
  const { language, json } = values
  if (chosen.length === 0 || (language !== 'ko' && language !== 'en')) throw new Error(`Usage: ${usage}`)
  return { chosen, language, json } as const
}

try {
  const { chosen, language, json } = readArguments()
  const catalog = loadCatalog(process.env.CATALOG_DIR ?? 'catalog', process.env.CATALOG_MAPPING ?? 'demo-odata')
  const policy = describePolicy(loadAccessRules(process.env.ACCESS_FILE ?? 'access/roles.yaml', catalog), catalog)
  console.log(json ? JSON.stringify(policy, null, 2) : printPolicy(policy, chosen, language))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
