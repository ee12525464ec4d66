import type { BusinessQuery } from '#catalog'
import type { WriteAlso } from '../jobs/job-store.ts'
import type { DataCounts } from './dataset.ts'

/** Why a turn is worth a look. `clarified`: its question was put right by a choice; `reformulated`: by being asked in other words. */
export const causes = [
  'low_confidence',
  'not_answered',
  'thumbs_down',
  'thumbs_up',
  'clarified',
  'reformulated',
] as const
export type Cause = (typeof causes)[number]

/** A turn with a label that people gave it, by review or by what they did. Its question as it was written: not to leave this process. */
export type LabelledTurn = {
  turnId: string
  text: string
  label: string
  isReviewed: boolean
  cause: Cause
  /** The question that it was asked again as. */
  ledTo: string | null
}

/** A sentence with what it means, brought by a person: the label, and the whole query where they gave it. */
export type LabelledSentence = { text: string; label: string; query?: BusinessQuery | undefined }

export type Dataset = {
  datasetId: string
  jobId: string
  hash: string
  counts: DataCounts
  createdAt: Date
}

/** What happened with questions over a time, as far as `model` read them. Shares are 0…1; NaN when there are no turns. */
export type Signals = { turns: number; faults: number; unanswered: number; confidence: number }

/** What training learns from. Texts are opened here alone, and kept sealed. */
export type DataStore = {
  /** Finds turns of the last `days` worth a look, and what label they speak for; `labels` are those of topics. By cause. */
  findCandidates(days: number, labels: readonly string[]): Promise<Partial<Record<Cause, number>>>
  /** Labelled turns in the order of their ids. */
  readLabelled(after: string | undefined, limit: number): Promise<LabelledTurn[]>
  /** Labelled sentences that people brought. */
  readLabels(): Promise<LabelledSentence[]>
  /** All of them or none. Returns how many. */
  addLabels(rows: readonly LabelledSentence[], by: string, also?: WriteAlso): Promise<number>
  /** The first data set of a job stays. */
  saveDataset(jobId: string, content: string, counts: DataCounts): Promise<Dataset>
  /** Throws TRAINING_DATASET_MISSING. */
  readDataset(jobId: string): Promise<Dataset & { content: string }>
  listDatasets(limit: number): Promise<Dataset[]>
  /** `model`: only what that version read. */
  readSignals(from: Date, to: Date, model?: string): Promise<Signals>
}
