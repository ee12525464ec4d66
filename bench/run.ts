import type { Figure } from './figure.ts'

// `npm run bench -- [NAME] [--json]`: measures and prints. Figures depend on the machine; ratios are what to compare.
// Loaded only when asked for, so that one bench does not pay for another's imports.
const benches: Record<string, () => Promise<Figure[]>> = {
  alerts: async () => (await import('./alerts.ts')).measureAlerts(),
  audit: async () => (await import('./audit.ts')).measureAudit(),
  auth: async () => (await import('./auth.ts')).measureAuth(),
  copy: async () => (await import('./copy.ts')).measureCopy(),
  erp: async () => (await import('./erp.ts')).measureErp(),
  grpc: async () => (await import('./grpc.ts')).measureGrpc(),
  intents: async () => (await import('./intents.ts')).measureIntentSets(),
  mail: async () => (await import('./mail.ts')).measureMail(),
  nlu: async () => (await import('./nlu.ts')).measureNlu(),
  push: async () => (await import('./push.ts')).measurePush(),
  questions: async () => (await import('./questions.ts')).measureQuestions(),
  reload: async () => (await import('./reload.ts')).measureReload(),
  'sync-full': async () => (await import('./sync-full.ts')).measureFullSync(),
  parity: async () => (await import('./parity.ts')).measureParity(),
  recognizers: async () => (await import('./recognizers.ts')).measureRecognizers(),
  service: async () => (await import('./service.ts')).measureService(),
  telemetry: async () => (await import('./telemetry.ts')).measureTelemetry(),
  sync: async () => [
    ...(await (await import('./sync-full.ts')).measureFullSync()),
    ...(await (await import('./sync-changes.ts')).measureSyncChanges()),
  ],
  'sync-changes': async () => (await import('./sync-changes.ts')).measureSyncChanges(),
  training: async () => (await import('./training.ts')).measureTraining(),
}

const args = process.argv.slice(2)
const [name = 'service'] = args.filter((arg) => !arg.startsWith('--'))
const bench = benches[name]
if (!bench) {
  console.error(`There is no bench '${name}'. There are: ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
const figures = await bench()
if (args.includes('--json')) {
  console.log(JSON.stringify({ figures }))
} else {
  for (const { name: label, value, unit, peer, ratio, goal, ok } of figures) {
    const beside = peer ? `   ${peer.name}: ${peer.value} ${unit}, ratio ${ratio}` : ''
    const verdict = goal ? `   goal ${goal}: ${ok ? 'met' : 'missed'}` : ''
    console.log(`${label.padEnd(36)} ${String(value).padStart(8)} ${unit.padEnd(3)}${beside}${verdict}`)
  }
}
if (figures.some((figure) => figure.ok === false)) process.exitCode = 1
