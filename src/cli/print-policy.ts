import type { PolicyTable, Role } from '#auth'
import { alignRows } from './align-rows.ts'

/** The policy in words as a table: an entity a line, a role a column, then what each role may manage. */
export function printPolicy(policy: PolicyTable, chosen: readonly Role[], language: 'ko' | 'en'): string {
  const rows = policy.entities.map(({ label, rules }) => [
    label[language],
    ...chosen.map((role) => rules[role][language]),
  ])
  const manages = chosen.map((role) => {
    const held = policy.permissions.filter(({ roles }) => roles.includes(role)).map(({ permission }) => permission)
    return held.join(' ') || '-'
  })
  const table = [['', ...chosen], ...rows, [language === 'ko' ? '(관리)' : '(manages)', ...manages]]
  return alignRows(
    table,
    ['', ...chosen].map(() => false),
  ).join('\n')
}
