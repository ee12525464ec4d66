import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BusinessQuery, type Entity, permitQuery } from '#catalog'
import type { Row } from '#erp'
import { demoAccounts } from '../../../demo/accounts.ts'
import { type AccessRule, type AccessRules, loadAccessRules } from '../../auth/access-rules.ts'
import { type Actor, type Role, roles } from '../../auth/actor.ts'
import { createPermitRead } from '../../auth/permit-read.ts'
import { outcomeOf } from '../../erp/answer-outcome-fixture.ts'
import { createErp } from '../../erp/create-erp.ts'
import { createMemoryConnector } from '../../erp/memory-connector-fixture.ts'
import { demoDay, openDemoSources } from './demo-sources-fixture.ts'
import { randomQuery } from './random-query-fixture.ts'

// What a person is told is what the same query says over the rows that the rules let the person see, picked here by hand:
// from the ERP, and from the copy.
let sources: Awaited<ReturnType<typeof openDemoSources>>
let own: AccessRules

beforeAll(async () => {
  sources = await openDemoSources()
  own = loadAccessRules('access/roles.yaml', sources.catalog)
})
afterAll(() => sources?.close())

/** The rules by hand: what any role of the actor lets through. */
function isVisible(rules: AccessRules, actor: Actor, entity: Entity): ((row: Row) => boolean) | undefined {
  const all = actor.roles.map(
    (role): AccessRule => rules.roles[role][entity.entity] ?? rules.roles[role]['*'] ?? 'none',
  )
  const given = all.filter((rule) => rule !== 'none')
  if (given.length === 0) return undefined
  return (row) =>
    given.some((rule) => {
      if (rule === 'all') return true
      if (rule === 'department') return row[entity.myDepartment ?? ''] === actor.department
      const fields = typeof rule === 'object' ? rule.own : [entity.me ?? '']
      return fields.some((field) => row[field] === actor.name)
    })
}

function byHand(query: BusinessQuery, actor: Actor, isSeen: (row: Row) => boolean) {
  const words = { '@me': actor.name, '@myDepartment': actor.department }
  const where = query.where?.map(
    ([field, operator, value]) => [field, operator, words[String(value) as keyof typeof words] ?? value] as never,
  )
  const tables = { [query.entity]: (sources.tables.get(query.entity) ?? []).filter(isSeen) }
  const { catalog, log, now } = sources
  const erp = createErp({ connector: createMemoryConnector({ tables }), catalog, log, now })
  return outcomeOf(erp, permitQuery({ ...query, ...(where ? { where } : {}) }, 'all', 'by hand'))
}

const rule = (entity: Entity): fc.Arbitrary<AccessRule> => {
  const names = Object.keys(entity.dimensions).filter((name) => entity.dimensions[name]?.type === 'name')
  const given: AccessRule[] = ['all', 'none', ...(entity.me ? (['own'] as const) : [])]
  return fc.oneof(
    fc.constantFrom(...given, ...(entity.myDepartment ? (['department'] as const) : [])),
    ...(names.length > 0 ? [fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }).map((own) => ({ own }))] : []),
  )
}

/** The company's own rules, or any others. */
const someRules = (entity: Entity): fc.Arbitrary<AccessRules> =>
  fc.oneof(
    fc.constant(own),
    fc.tuple(...roles.map(() => rule(entity))).map((each) => ({
      ...own,
      roles: Object.fromEntries(
        roles.map((role, i) => [role, { [entity.entity]: each[i] ?? 'none' }]),
      ) as AccessRules['roles'],
    })),
  )

const someActor = (): fc.Arbitrary<Actor> => {
  const people = (sources.tables.get('employee') ?? []).map(({ name, department }) => ({ name, department }))
  const known = demoAccounts.map(({ name, department }) => ({ name, department }))
  const given = fc.uniqueArray(fc.constantFrom<Role>(...roles), { minLength: 1, maxLength: 3 })
  return fc
    .record({ person: fc.constantFrom(...known, ...known, ...people), roles: given })
    .map(({ person, roles: of }) => ({
      userId: 'u1',
      name: String(person.name),
      department: String(person.department),
      email: 'someone@example.com',
      roles: of,
      language: 'ko',
    }))
}

test('every person is told the same, and only of their own rows, by the ERP, by the copy and by hand', async () => {
  const entities = Object.values(sources.catalog.entities)
  let answered = 0
  let narrowed = 0
  const asking = fc.constantFrom(...entities).chain((entity) =>
    fc.record({
      name: fc.constant(entity.entity),
      query: randomQuery(entity, sources.tables.get(entity.entity) ?? []),
      rules: someRules(entity),
      actor: someActor(),
    }),
  )
  await fc.assert(
    fc.asyncProperty(asking, async ({ name, query, rules, actor }) => {
      const entity = sources.catalog.entities[name]!
      const decision = createPermitRead(rules, sources.catalog)(actor, query, demoDay)
      const isSeen = isVisible(rules, actor, entity)
      expect(decision.kind).toBe(isSeen ? 'permitted' : 'refused')
      if (decision.kind === 'refused' || !isSeen) return
      const expected = await byHand(query, actor, isSeen)
      if (!('error' in expected)) answered += 1
      if (decision.query.rows !== 'all') narrowed += 1
      expect({ from: 'copy', ...(await outcomeOf(sources.erps.copy, decision.query)) }).toEqual({
        from: 'copy',
        ...expected,
      })
      expect({ from: 'odata', ...(await outcomeOf(sources.erps.odata, decision.query)) }).toEqual({
        from: 'odata',
        ...expected,
      })
    }),
    { numRuns: 200 },
  )
  // Refusals and errors that agree prove little: most are to be answers, and many of narrowed rows.
  expect(answered).toBeGreaterThan(80)
  expect(narrowed).toBeGreaterThan(40)
}, 180_000)
