import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { completeQuery, type Entity, permitQuery } from '#catalog'
import { demoAccounts } from '../../../demo/accounts.ts'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { type AccessRule, type AccessRules, loadAccessRules } from '../../auth/access-rules.ts'
import { type Actor, type Role, roles } from '../../auth/actor.ts'
import { createPermitRead } from '../../auth/permit-read.ts'
import { comparable, outcomeOf } from '../../erp/answer-outcome-fixture.ts'
import { readLabelledQueries } from '../../erp/labelled-queries-fixture.ts'
import { answerByHand, isVisible } from './by-hand-fixture.ts'
import { type DemoSources, demoDay, openDemoSources } from './demo-sources-fixture.ts'
import { randomQuery } from './random-query-fixture.ts'
import { openVendor, vendorNames } from './vendor-sources-fixture.ts'

// What a person is told is what the same query says over the rows that the rules let the person see, picked here by hand:
// from the ERP, and from the copy.
let sources: DemoSources
let own: AccessRules

beforeAll(async () => {
  sources = await openDemoSources()
  own = loadAccessRules('access/roles.yaml', sources.catalog)
}, 180_000)
afterAll(() => sources?.close())

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
      const expected = await answerByHand(sources, query, actor, isSeen)
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

test('every listed question has one answer, whichever way its rows come', async () => {
  const executive = demoAccounts.find(({ groups }) => groups.includes('executive'))!
  const actor: Actor = { ...executive, userId: 'u1', email: 'x@example.com', roles: executive.groups, language: 'ko' }
  const permitRead = createPermitRead(own, sources.catalog)
  const queries = readLabelledQueries('docs/questions.jsonl')
  expect(queries.length).toBeGreaterThan(100)
  for (const { text, query } of queries) {
    const decision = permitRead(actor, completeQuery(query, sources.catalog, demoDay), demoDay)
    if (decision.kind === 'refused') throw new Error(`refused: ${text}`)
    const [first, ...others] = await Promise.all(
      Object.values(sources.erps).map(async (erp) => ({ text, ...(await outcomeOf(erp, decision.query)) })),
    )
    expect(first).not.toHaveProperty('error')
    for (const other of others) expect(other).toEqual(first)
  }
}, 120_000)

test.each(vendorNames)(
  'the listed questions have the answers of the data in %s, and of a copy of that',
  async (name) => {
    const { catalog, erps, expected, close } = await openVendor(name, {
      ...sources,
      createDatabase: createTestDatabase,
    })
    let [answered, told] = [0, 0]
    for (const { text, query } of readLabelledQueries('docs/questions.jsonl')) {
      const where = query.where?.map(
        ([field, by, value]) =>
          [field, by, value === '@me' ? '김민수' : value === '@myDepartment' ? '국내영업팀' : value] as never,
      )
      const asked = completeQuery({ ...query, ...(where ? { where } : {}) }, catalog, demoDay)
      const permitted = permitQuery(asked, 'all', 'tester')
      const [first, ...others] = await Promise.all(
        [expected, ...Object.values(erps)].map(async (erp) => ({
          text,
          ...comparable(await outcomeOf(erp, permitted), asked),
        })),
      )
      for (const other of others) expect(other).toEqual(first)
      if (first && 'rows' in first) answered += 1
      if (first && 'rows' in first && first.rows.length > 0) told += 1
    }
    await close()
    expect(answered).toBeGreaterThan(100)
    expect(told).toBeGreaterThan(50)
  },
  180_000,
)
