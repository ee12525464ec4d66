/** What the choice looks at in a link. */
type Choosable = { isHealthy(): boolean; hasRoom(): boolean; inFlight(): number }

/** A server that was just restarting gets a second chance inside the deadline; more would but add load. */
const mostTriesPerLink = 2

/**
 * So many requests more than another has under way, and a server is behind: in turn all the same, it would soon have those of all who
 * wait, and the other none.
 */
const mostBehind = 8

/**
 * The link for a request's next try: the healthy ones in turn, those it was not tried on first and those that are behind last; when
 * none is healthy, any, for a wrong verdict on health must cost time and not the answer. `busy` when those that would do are full, undefined when all
 * have been tried enough.
 */
export function chooseLink<L extends Choosable>(
  links: readonly L[],
  turn: number,
  tries: ReadonlyMap<L, number> | undefined,
): L | 'busy' | undefined {
  const triesOf = (link: L) => tries?.get(link) ?? 0
  const left = tries ? links.filter((link) => triesOf(link) < mostTriesPerLink) : links
  const healthy = left.filter((link) => link.isHealthy())
  const fitting = healthy.length > 0 ? healthy : left
  if (fitting.length === 0) return undefined
  const inTurn = fitting.map((_, i) => fitting[(turn + i) % fitting.length] as L)
  const free = inTurn.filter((link) => link.hasRoom())
  const fewest = Math.min(...free.map((link) => link.inFlight()))
  const abreast = free.filter((link) => link.inFlight() <= fewest + mostBehind)
  return [...abreast, ...free].reduce<L | 'busy'>(
    (best, link) => (best === 'busy' || triesOf(link) < triesOf(best) ? link : best),
    'busy',
  )
}
