import type { Entity, Labels } from '#catalog'
import { type AccessRule, ownFields } from '../access-rules.ts'

/** A row rule for people to read: what kind of rule, and in words. */
export type SpokenRule = { kind: 'all' | 'some' | 'none' } & Labels

/** What a rule of `access/roles.yaml` lets a reader see of an entity, in words. */
export function sayRule(rule: AccessRule, entity: Entity): SpokenRule {
  if (rule === 'all') return { kind: 'all', ko: '모두', en: 'All' }
  if (rule === 'none') return { kind: 'none', ko: '볼 수 없음', en: 'None' }
  if (rule === 'department') return { kind: 'some', ko: '본인 부서 것', en: 'Their department’s' }
  const labels = ownFields(entity, rule).flatMap((field) => entity.dimensions[field]?.label ?? [])
  const people = { ko: labels.map(({ ko }) => ko), en: labels.map(({ en }) => en.toLowerCase()) }
  return {
    kind: 'some',
    ko: `본인 것 (${people.ko.join(' 또는 ')})`,
    en: `Their own (${people.en.join(' or ')})`,
  }
}

/** What several rules together let a reader see: any of them is enough. */
export function sayRules(rules: SpokenRule[]): SpokenRule {
  const whole = rules.find(({ kind }) => kind === 'all')
  if (whole) return whole
  const parts = rules.filter(({ kind }) => kind === 'some')
  const [first] = parts
  if (!first) return { kind: 'none', ko: '볼 수 없음', en: 'None' }
  const join = (words: string[]) => [...new Set(words)].join(' · ')
  return { kind: 'some', ko: join(parts.map(({ ko }) => ko)), en: join(parts.map(({ en }) => en)) }
}
