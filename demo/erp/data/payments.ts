import type { Day } from './calendar.ts'
import type { PayingHabit } from './partner-list.ts'
import type { Random } from './random.ts'
import { type Cents, roundToWon } from './table-rows.ts'

type Claim = { due: Day; amount: Cents; habit: PayingHabit }

/** Days between due date and payment, by habit. */
const delays: Record<PayingHabit, [number, number]> = { prompt: [-6, 2], slow: [2, 32], late: [25, 130] }

/** What of a claim was paid by today: all, a part paid in advance, or nothing. A few are disputed and wait for months. */
export function paidBy(today: Day, { due, amount, habit }: Claim, random: Random): Cents {
  const isDisputed = random.chance(0.012)
  const [min, max] = isDisputed ? [60, 210] : delays[habit]
  const paysOn = due + random.int(min, max)
  const partOn = due + random.int(-8, 6)
  const part = random.chance(0.1) ? roundToWon(amount * random.pick([0.3, 0.5, 0.5, 0.7]), 1_000) : 0
  if (paysOn <= today) return amount
  return partOn <= today ? Math.min(part, amount) : 0
}
