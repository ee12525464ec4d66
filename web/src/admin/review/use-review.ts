import { useState } from 'react'
import type { ReviewCandidate, ReviewVerdict } from '../../../../src/training/review/api.ts'
import type { ApiError } from '../../api/client.ts'
import { asApiError, useLoaded } from '../../parts/use-loaded.ts'
import type { ReviewFilter, TrainingRequests } from '../training-requests.ts'

type Done = { kind: 'labelled' | 'discarded' | 'reopened'; turn: string }

/** The desk: what is to be reviewed, which question is at hand, and what was done last, to be undone. */
export function useReview(requests: TrainingRequests) {
  const [filter, setFilter] = useState<ReviewFilter>({ state: 'open', cause: '' })
  const list = useLoaded(() => requests.listCandidates(filter), `${filter.state} ${filter.cause}`)
  const effect = useLoaded(requests.readEffect, 'effect')
  const [currentTurn, setCurrent] = useState<string | null>(null)
  const [done, setDone] = useState<Done | null>(null)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const candidates = list.loaded.state === 'ready' ? list.loaded.value.candidates : []
  const current = candidates.find(({ turn }) => turn === currentTurn) ?? candidates[0]

  function move(by: number): void {
    const at = current ? candidates.indexOf(current) : 0
    const next = candidates[Math.min(Math.max(at + by, 0), candidates.length - 1)]
    if (next) setCurrent(next.turn)
  }

  /** Does it, goes on to the question after it, and reads the list and the effect anew. What kept it from being done is shown, and told. */
  async function act(turn: string, kind: Done['kind'], work: () => Promise<unknown>): Promise<ApiError | null> {
    const at = candidates.findIndex((one) => one.turn === turn)
    const next = candidates[at + 1] ?? candidates[at - 1]
    setProblem(null)
    try {
      await work()
    } catch (error) {
      const failed = asApiError(error)
      setProblem(failed)
      return failed
    }
    setDone({ kind, turn })
    if (list.loaded.state === 'ready' && at >= 0) {
      list.show({ ...list.loaded.value, candidates: candidates.filter((one) => one.turn !== turn) })
      setCurrent(next?.turn ?? null)
    } else setCurrent(turn)
    list.reload()
    effect.reload()
    return null
  }

  return {
    ...{ filter, list, effect, candidates, current, done, problem, move },
    choose: (turn: string) => setCurrent(turn),
    show: (change: Partial<ReviewFilter>) => {
      setFilter({ ...filter, ...change })
      setDone(null)
    },
    label: (turn: string, verdict: ReviewVerdict) => act(turn, 'labelled', () => requests.review(turn, verdict)),
    accept: ({ turn, suggested }: ReviewCandidate) =>
      suggested === undefined
        ? Promise.resolve(null)
        : act(turn, 'labelled', () => requests.review(turn, { label: suggested })),
    discard: (turn: string) => act(turn, 'discarded', () => requests.discard(turn)),
    reopen: (turn: string) => act(turn, 'reopened', () => requests.reopen(turn)),
    undo: async () => {
      if (!done || done.kind === 'reopened') return
      await act(done.turn, 'reopened', () => requests.reopen(done.turn))
    },
  }
}

export type ReviewHandle = ReturnType<typeof useReview>
