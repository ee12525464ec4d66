import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseSync } from 'oxc-parser'
import { describe, expect, test } from 'vitest'

/** Who may import whom. The table of ARCHITECTURE.md, held to the code. `platform` is open to all. */
const mayImport: Record<string, string[]> = {
  platform: [],
  audit: [],
  catalog: [],
  auth: ['catalog', 'audit'],
  erp: ['catalog'],
  nlu: ['catalog'],
  sync: ['audit', 'catalog', 'erp', 'nlu'],
  chat: ['catalog', 'audit', 'auth', 'erp', 'nlu'],
  telemetry: ['audit'],
  'dead-letters': ['audit'],
  notify: ['audit'],
  training: ['audit', 'catalog', 'nlu', 'notify'],
  subscriptions: ['audit', 'catalog', 'auth', 'erp', 'nlu', 'chat', 'notify'],
  cli: ['telemetry', 'catalog', 'nlu', 'chat', 'audit', 'auth', 'sync', 'notify', 'training', 'dead-letters'],
  processes: [
    ...['telemetry', 'audit', 'auth', 'catalog', 'chat', 'erp', 'nlu', 'sync', 'notify', 'training', 'subscriptions'],
    'dead-letters',
  ],
}

/** Packages that speak to one technology, and the only place that may import them. */
const onlyIn: Record<string, RegExp> = {
  '@elastic/elasticsearch': /^src\/telemetry\/elasticsearch\//,
  '@opentelemetry/exporter-trace-otlp-http': /^src\/telemetry\/tracing\//,
  '@aws-sdk/client-kms': /^src\/platform\//,
  pg: /^src\/platform\//,
  'openid-client': /^src\/auth\//,
  jose: /^src\/(auth|notify\/push\/fcm)\//,
  '@grpc/grpc-js': /^src\/nlu\/rpc\//,
  'grpc-health-check': /^src\/nlu\/rpc\//,
  '@bufbuild/protobuf': /^src\/nlu\/(rpc|gen)\//,
  undici: /^src\/(erp\/connectors|cli)\//,
  'pg-boss': /^src\/platform\/queue\//,
  'rabbitmq-client': /^src\/platform\/queue\//,
  nodemailer: /^src\/notify\/email\/mailer\./,
  '@resvg/resvg-wasm': /^src\/subscriptions\/chart\//,
  eta: /^src\/notify\/email\/templates\//,
  pino: /^src\/platform\//,
  'pg-logical-replication': /^src\/sync\/changes\//,
  papaparse: /^src\/(chat|audit|training)\//,
  'write-excel-file/node': /^src\/chat\//,
}

type Import = { file: string; line: number; from: string; names: string[]; typeOnly: boolean }

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8')
  const { module } = parseSync(file, source)
  const lineAt = (offset: number) => source.slice(0, offset).split('\n').length
  const fixed = module.staticImports.map((i) => ({
    file,
    line: lineAt(i.start),
    from: i.moduleRequest.value,
    names: i.entries.map((e) => e.importName.name ?? '*'),
    typeOnly: i.entries.length > 0 && i.entries.every((e) => e.isType),
  }))
  const reexports = module.staticExports.flatMap((e) =>
    e.entries.flatMap((entry) =>
      entry.moduleRequest
        ? [
            {
              file,
              line: lineAt(entry.start),
              from: entry.moduleRequest.value,
              names: [entry.importName.name ?? '*'],
              typeOnly: entry.isType,
            },
          ]
        : [],
    ),
  )
  const dynamic = module.dynamicImports.map((i) => ({
    file,
    line: lineAt(i.start),
    from: source.slice(i.moduleRequest.start, i.moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    names: ['*'],
    typeOnly: false,
  }))
  return [...fixed, ...reexports, ...dynamic]
}

const isTest = (file: string) => /\.(test|contract)\.tsx?$/.test(file) || /-fixture\.ts$/.test(file)
const sources = (pattern: string) =>
  globSync(pattern).filter((file) => !file.includes('/gen/') && !file.includes('node_modules'))
const ours = sources('src/**/*.ts').flatMap(importsOf)
const where = ({ file, line, from }: Import) => `${file}:${line} imports ${from}`
const folderOf = (file: string) => file.split('/')[1] ?? ''
const isRootFile = (file: string) => file.split('/').length === 2

describe('imports', () => {
  test('go only where the table allows', () => {
    const wrong = ours.filter((i) => {
      const folder = folderOf(i.file)
      const target = /^#([\w-]+)/.exec(i.from)?.[1]
      if (!target || target === 'platform' || isRootFile(i.file) || isTest(i.file)) return false
      return !mayImport[folder]?.includes(target)
    })
    expect(wrong.map(where)).toEqual([])
  })

  test('enter another folder only through its index', () => {
    const wrong = ours.filter((i) => {
      if (!i.from.startsWith('.') || isTest(i.file)) return false
      const target = relative('.', join(dirname(i.file), i.from))
      if (isRootFile(i.file)) return !(isRootFile(target) || target.startsWith('src/processes/'))
      const isProcess = folderOf(i.file) === 'processes' || folderOf(i.file) === 'cli'
      if (isProcess && isRootFile(target)) return false
      return folderOf(target) !== folderOf(i.file) || !target.startsWith('src/')
    })
    expect(wrong.map(where)).toEqual([])
  })

  test('name every folder of src in the table', () => {
    const folders = new Set(sources('src/*/**/*.ts').map(folderOf))
    expect([...folders].filter((folder) => !(folder in mayImport))).toEqual([])
  })

  test('reach a vendor package only from its adapter', () => {
    const wrong = ours.filter((i) => {
      const place = onlyIn[i.from]
      return place && !place.test(i.file) && !isTest(i.file)
    })
    expect(wrong.map(where)).toEqual([])
  })

  test('pick adapters in a capability index or in the wiring only', () => {
    // What of the platform has a folder has its face beside it.
    const isFace = (file: string) => file.endsWith('/index.ts') || /^src\/platform\/[^/]+\.ts$/.test(file)
    const wrong = ours.filter(
      (i) => /\.(postgres|redis|rabbitmq|smtp|fcm|sink)\.ts$/.test(i.from) && !isFace(i.file) && !isTest(i.file),
    )
    expect(wrong.map(where)).toEqual([])
  })

  test('permit a query in auth, and in sync for the service itself', () => {
    const wrong = ours.filter(
      (i) => i.names.includes('permitQuery') && !isTest(i.file) && !/^src\/(auth|sync|catalog)\//.test(i.file),
    )
    expect(wrong.map(where)).toEqual([])
  })

  test('never lead from the product to the demo', () => {
    expect(ours.filter((i) => i.from.includes('demo/') && !isTest(i.file)).map(where)).toEqual([])
  })

  test('lead from the web UI to wire shapes only, as types', () => {
    const wrong = sources('web/src/**/*.{ts,tsx}')
      .flatMap(importsOf)
      .filter((i) => /(^#)|(\.\.\/src\/)/.test(i.from))
      .filter((i) => !(i.from.endsWith('/api.ts') && i.typeOnly))
    expect(wrong.map(where)).toEqual([])
  })
})

test('ARCHITECTURE.md lists the same folders', () => {
  const page = readFileSync('ARCHITECTURE.md', 'utf8')
  expect(Object.keys(mayImport).filter((folder) => !page.includes(`\`src/${folder}/\``))).toEqual([])
})
