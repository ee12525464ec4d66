import type { Condition } from '#catalog'

const lower = new Set(['gt', 'gte'])
const upper = new Set(['lt', 'lte'])

/** Conditions with the two ends of one field's range side by side, lower end first; the rest alone, in their order. */
export function rangeHalves(conditions: Condition[]): [first: Condition, second?: Condition][] {
  const taken = new Set<Condition>()
  return conditions.flatMap((condition): [Condition, Condition?][] => {
    if (taken.has(condition)) return []
    const [field, operator] = condition
    const others = lower.has(operator) ? upper : upper.has(operator) ? lower : undefined
    const other = conditions.find((each) => each[0] === field && !taken.has(each) && others?.has(each[1]))
    if (!other) return [[condition]]
    taken.add(other)
    return [others === upper ? [condition, other] : [other, condition]]
  })
}
