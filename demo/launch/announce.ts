import { demoAccounts, demoPassword } from '../accounts.ts'
import type { Office } from './office.ts'

/** What to do next, once everything runs: one block. */
export function showOffice(office: Office, tookMs: number): string {
  const ownSignIn = office.parts['sign-in'] !== undefined && office.identityUrl.startsWith('http://127.0.0.1')
  const lines = [
    '',
    `ERP chatbot is ready (${(tookMs / 1_000).toFixed(1)} s). Stop it with Ctrl-C.`,
    '',
    `  Open      ${office.url}`,
    ...(ownSignIn ? accountLines() : [`  Sign in   at ${office.identityUrl}`]),
    `  Mail      ${office.mailUrl}`,
    `  ERP       ${office.erpUrls.join('  standby ')}`,
    `  Logs      ${office.logsDir}`,
    '',
  ]
  return `${lines.join('\n')}\n`
}

function accountLines(): string[] {
  const title = `  Sign in   as one of these; the password is ${demoPassword}`
  const accounts = demoAccounts.map(({ login, groups, name, department, title: rank }) => {
    const role = groups.find((group) => group !== 'employee') ?? 'employee'
    return `              ${login.padEnd(10)} ${role.padEnd(10)} ${name} ${department} ${rank}`
  })
  return [title, ...accounts]
}
