/** What a trainer is given: the examples, a line of JSON each, `{"text", "intent"}`; where to write the model; and its bounds. */
type TrainingTask = {
  dataPath: string
  modelPath: string
  memoryMb: number
  timeLimitS: number
  /** Names of devices that are this task's alone; without any it sees none. */
  devices: readonly string[]
  /** 0…1. */
  onProgress: (share: number) => void
  signal: AbortSignal
}

/** What became of it. `peakMb`: the most memory that it and its children held together. */
export type TrainingEnd =
  | { kind: 'trained'; peakMb: number; seconds: number }
  | { kind: 'memory-limit'; peakMb: number }
  | { kind: 'time-limit' }
  | { kind: 'failed'; reason: string }

/** Makes a model of examples, in processes of its own and inside its bounds. Rejects when the signal ends it. */
export type Trainer = (task: TrainingTask) => Promise<TrainingEnd>
