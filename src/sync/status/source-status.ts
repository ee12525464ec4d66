/** How a source of changes is doing, as the replica that follows it says. `lagSeconds`: how old the newest applied change is. */
export type SourceStatus = {
  source: string
  state: string
  lagSeconds?: number
  problems: string[]
}

/** What was said last, when, and how far the copy has been brought with it. Instants are ISO. */
export type ReportedSource = SourceStatus & {
  reportedAt?: string
  /** Up to when its changes are in, and which entities it carries all changes of. */
  appliedTo?: string
  follows: string[]
}

/** Where processes that follow sources leave word for those that are asked about them. */
export type SourceStatusStore = {
  report(status: SourceStatus): Promise<void>
  /** Every source that was ever followed, by name. */
  list(): Promise<ReportedSource[]>
}
