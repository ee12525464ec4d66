import { z } from 'zod'

/** What a guard is told; over its IPC channel, because a command line shows in lists of processes. */
export const guardOrderSchema = z.object({
  command: z.array(z.string()).min(1),
  memoryMb: z.number(),
  timeLimitS: z.number(),
  devices: z.array(z.string()),
})
export type GuardOrder = z.infer<typeof guardOrderSchema>
