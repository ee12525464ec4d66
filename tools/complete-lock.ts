import { readFileSync, writeFileSync } from 'node:fs'

// `npm run lock:complete`: lists in package-lock.json the packages of other platforms that npm left out, because the registry
// it asked holds only this platform's. Without them `npm ci` refuses the lock, there and on the other platforms.

type Locked = {
  version?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}
type Lock = { packages: Record<string, Locked> }

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'aix',
  'win32',
  'windows',
]
const processors = [
  'arm64',
  'x64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'ppc64le',
  'riscv64',
  's390x',
  'armv7',
]

/** Optional packages that the lock asks for and does not hold, with the lock as it should be. */
export function completeLock(lock: Lock): { missing: string[]; lock: Lock } {
  const packages = { ...lock.packages }
  const missing: string[] = []
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    // An exact version is the rule for platform packages; a range cannot be locked without asking for it.
    const exact = Object.entries(optionalDependencies).filter(([, range]) => /^\d/.test(range))
    for (const [name, version] of exact) {
      const inside = `${parent}/node_modules`
      if ([inside, ...foldersFrom(parent)].some((folder) => packages[`${folder}/${name}`]?.version === version))
        continue
      // Beside its dependent, as npm would place it, or inside when another version stands there.
      const place = foldersFrom(parent).find((folder) => !(`${folder}/${name}` in packages)) ?? inside
      packages[`${place}/${name}`] = { version, ...(dev && { dev }), optional: true, ...platformOf(name) }
      missing.push(`${place}/${name}`)
    }
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { missing, lock: { ...lock, packages: sorted } }
}

/** The `node_modules` folders in which npm looks for what `parent` needs: where it stands itself, then upwards. */
function foldersFrom(parent: string): string[] {
  const parts = parent.split('node_modules/').slice(0, -1)
  return parts
    .map((_, depth) => `${parts.slice(0, parts.length - depth).join('node_modules/')}node_modules`)
    .concat(parts.length === 0 ? ['node_modules'] : [])
}

/** `@x/binding-linux-arm64-musl` runs on linux, arm64, musl. A name that tells no platform runs nowhere we know of. */
function platformOf(name: string): Pick<Locked, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/-]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined
  return {
    os: [os === 'windows' ? 'win32' : (os ?? 'none')],
    cpu: [cpu === 'armv7' ? 'arm' : (cpu ?? (words.includes('wasm32') ? 'wasm32' : 'none'))],
    ...(libc && os === 'linux' && { libc: [libc] }),
  }
}

if (import.meta.main) {
  const { missing, lock } = completeLock(JSON.parse(readFileSync('package-lock.json', 'utf8')))
  if (missing.length > 0) writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`${missing.length} packages of other platforms were added to package-lock.json`)
}
