/** How often failed calls may still be repeated, whichever of them fail. */
export type RetryBudget = {
  /** Takes one retry that would begin after `delayMs`; false when none is left, or it would begin too late. */
  take(delayMs: number): boolean
}

/** A budget of so many retries, none of which begins later than `budgetMs` from now. */
export function openRetryBudget({ retries, budgetMs }: { retries: number; budgetMs: number }): RetryBudget {
  const endsAt = performance.now() + budgetMs
  let left = retries
  return {
    take: (delayMs) => {
      if (left <= 0 || performance.now() + delayMs > endsAt) return false
      left -= 1
      return true
    },
  }
}
