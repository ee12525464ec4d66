// Plain JavaScript on purpose: an older Node cannot even read the TypeScript of start.ts, and should be told so in a sentence.
const oldest = 24
if (Number(process.versions.node.split('.')[0]) < oldest) {
  process.stderr.write(
    `This needs Node ${oldest} or newer, and this is Node ${process.versions.node}. Run npm install, which brings one for npm start, or install Node ${oldest}.\n`,
  )
  process.exit(1)
}
await import('./start.ts')
