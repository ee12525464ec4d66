import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import type { Certificate } from './test-certificates.ts'

const daemons = '/usr/lib/postfix/sbin'
const startMs = 15_000

/** Whether Postfix and Cyrus SASL of Debian are there; Postfix needs root to start. */
export const hasPostfix =
  existsSync(join(daemons, 'master')) && existsSync('/usr/sbin/saslpasswd2') && process.getuid?.() === 0
if (!hasPostfix) {
  if (process.env.CI) throw new Error('postfix and sasl2-bin are not installed, or the tests do not run as root')
  console.warn('postfix and sasl2-bin are not installed: the tests of a real mail server are skipped')
}

const idOf = (flag: '-u' | '-g', name: string) => Number(execFileSync('id', [flag, name]).toString())

/**
 * A Postfix of the test's own: its own configuration, queue and mailboxes, on a free port; STARTTLS and AUTH (user `bot`, password
 * `right`) are required. It delivers hanbit.example to a folder and nothing else anywhere.
 */
export async function startPostfix({ key, cert }: Certificate) {
  const folder = mkdtempSync(join(tmpdir(), 'erp-postfix-'))
  const port = await findFreePort()
  const [config, queue, data, mail, sasl] = ['config', 'queue', 'data', 'mail', 'config/sasl'].map((name) => {
    mkdirSync(join(folder, name))
    return join(folder, name)
  }) as [string, string, string, string, string]
  chmodSync(folder, 0o755)
  const [uid, gid] = [idOf('-u', 'postfix'), idOf('-g', 'postfix')]
  for (const path of [data, mail]) chownSync(path, uid, gid)
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 })
  writeFileSync(join(folder, 'cert.pem'), cert)
  // Where Debian's Postfix looks, whatever cyrus_sasl_config_path says.
  const database = join(sasl, 'sasldb2')
  execFileSync('/usr/sbin/saslpasswd2', ['-p', '-c', '-f', database, '-u', 'mail.test', 'bot'], { input: 'right' })
  chownSync(database, uid, gid)
  writeFileSync(
    join(sasl, 'smtpd.conf'),
    `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${database}\nmech_list: PLAIN LOGIN\n`,
  )
  writeFileSync(
    join(config, 'main.cf'),
    `compatibility_level = 3.6
queue_directory = ${queue}
data_directory = ${data}
myhostname = mail.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
maillog_file = ${join(folder, 'mail.log')}
maillog_file_prefixes = ${folder}
default_transport = error:only the folder is delivered to
virtual_mailbox_domains = hanbit.example
virtual_mailbox_base = ${mail}
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:${uid}
virtual_gid_maps = static:${gid}
virtual_minimum_uid = 1
message_size_limit = 20971520
virtual_mailbox_limit = 0
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = ${join(folder, 'cert.pem')}
smtpd_tls_key_file = ${join(folder, 'key.pem')}
smtpd_sasl_auth_enable = yes
smtpd_sasl_local_domain = mail.test
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
`,
  )
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'anvil unix - - n - 1 anvil',
    'rewrite unix - - n - - trivial-rewrite',
    'proxymap unix - - n - - proxymap',
    'virtual unix - n n - - virtual',
    ...['bounce', 'defer', 'trace'].map((name) => `${name} unix - - n - 0 bounce`),
    ...['error', 'retry'].map((name) => `${name} unix - - n - - error`),
    'postlog unix-dgram n - n - 1 postlogd',
  ]
  writeFileSync(join(config, 'master.cf'), `${services.join('\n')}\n`)
  execFileSync('/usr/sbin/postfix', ['-c', config, 'check'], { stdio: 'pipe' })
  const master = spawn(join(daemons, 'master'), ['-c', config, '-d'], { stdio: 'ignore' })
  const stop = async () => {
    if (master.exitCode === null) {
      master.kill('SIGTERM')
      await once(master, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  const readLog = () => (existsSync(join(folder, 'mail.log')) ? readFileSync(join(folder, 'mail.log'), 'utf8') : '')
  if (!(await answers(port))) {
    const log = readLog()
    await stop()
    throw new Error(`Postfix has not started: ${log}`)
  }
  const box = join(mail, 'all/new')
  const read = () => (existsSync(box) ? readdirSync(box).map((name) => readFileSync(join(box, name), 'utf8')) : [])
  return { port, read, readLog, stop }
}

async function answers(port: number): Promise<boolean> {
  const giveUpAt = Date.now() + startMs
  while (Date.now() < giveUpAt) {
    const socket = connect(port, '127.0.0.1').setTimeout(2_000, () => socket.destroy(new Error('No greeting')))
    const isGreeted = await once(socket, 'data').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isGreeted) return true
    await wait(100)
  }
  return false
}
