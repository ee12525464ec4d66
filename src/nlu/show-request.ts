import type { BusinessQuery } from '#catalog'
import { hasCue, type Piece, piecesOf } from './pieces.ts'
import type { Understanding } from './understanding.ts'

/** How the answer is to be shown, or as what file. A chart of no kind is a line over time, else bars. */
export function readShowing(
  pieces: readonly Piece[],
  query: BusinessQuery | undefined,
): Pick<Understanding, 'view' | 'format'> {
  const format = piecesOf(pieces, 'format')[0]?.meaning.format
  if (format) return { format }
  const views = piecesOf(pieces, 'view').map(({ meaning }) => meaning.view)
  const view = views.find((one) => one !== 'chart') ?? views[0]
  if (view === 'chart') return { view: query?.groupBy?.some((group) => group.includes(':')) ? 'line' : 'bar' }
  if (view) return { view }
  return hasCue(pieces, 'file') ? { format: 'xlsx' } : {}
}
