import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Certificate = { key: string; cert: string }

/** Whether `openssl` is there to make certificates with. */
export const hasOpenssl = canRun()
if (!hasOpenssl) {
  if (process.env.CI) throw new Error('openssl is not installed')
  console.warn('openssl is not installed: the tests of TLS are skipped')
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
const caConfig = `[ca]
default_ca=own
[own]
database=index
serial=serial
new_certs_dir=.
default_md=sha256
policy=any
copy_extensions=copy
[any]
commonName=supplied
`

/** A certificate authority of the test's own, in a folder that `close` removes. */
export function createTestAuthority() {
  const folder = mkdtempSync(join(tmpdir(), 'erp-tls-'))
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  run('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority')
  write('ca.cnf', caConfig)
  write('serial', '01')
  write('index', '')
  write('index.attr', 'unique_subject=no')
  let made = 0

  return {
    ca: read('ca.pem'),
    /** For a host (localhost also by its address); of the authority unless `selfSigned`. `endsAt` as `YYYYMMDDHHMMSSZ`. */
    issue: (host: string, { selfSigned = false, endsAt = '20991231235959Z' } = {}): Certificate => {
      made += 1
      const [key, csr, pem] = [`${made}.key`, `${made}.csr`, `${made}.pem`]
      const subject = [
        '-subj',
        `/CN=${host}`,
        '-addext',
        `subjectAltName=DNS:${host}${host === 'localhost' ? ',IP:127.0.0.1' : ''}`,
      ]
      if (selfSigned) run('req', '-x509', ...newKey, '-keyout', key, '-out', pem, '-days', '2', ...subject)
      else {
        run('req', '-new', ...newKey, '-keyout', key, '-out', csr, ...subject)
        const dates = ['-startdate', '20200101000000Z', '-enddate', endsAt]
        const by = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key']
        run('ca', '-batch', '-notext', ...by, ...dates, '-in', csr, '-out', pem)
      }
      return { key: read(key), cert: read(pem) }
    },
    close: () => rmSync(folder, { recursive: true }),
  }
}

function canRun(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
