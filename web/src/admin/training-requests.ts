import type { ModelComparison, TrainingJob, TrainingModels, TrainingSchedule } from '../../../src/training/api.ts'
import type { Imported, LabelFormat } from '../../../src/training/labels/api.ts'
import type { ReviewChoices, ReviewEffect, ReviewList, ReviewVerdict } from '../../../src/training/review/api.ts'
import type { ApiClient } from '../api/client.ts'
import { downloadFile } from '../api/download-file.ts'
import { queryOf } from './admin-requests.ts'

export type ReviewFilter = { state: 'open' | 'labelled' | 'discarded'; cause: string }
export type ScheduleChange = Partial<Omit<TrainingSchedule, 'nextRunAt' | 'trainers'>>

const base = '/api/v1/training'
const mostShown = '100'
const fileTypes: Record<LabelFormat, string> = { csv: 'text/csv', jsonl: 'application/jsonl' }

/** The console's calls of the review desk, jobs and models, by name. All throw ApiError. */
export type TrainingRequests = ReturnType<typeof createTrainingRequests>

/** Binds the calls to a client. */
export function createTrainingRequests(api: ApiClient) {
  const candidate = (turn: string) => `${base}/candidates/${encodeURIComponent(turn)}`
  const model = (id: string) => `${base}/models/${encodeURIComponent(id)}`
  return {
    listCandidates: (filter: ReviewFilter) =>
      api.get<ReviewList>(`${base}/candidates${queryOf({ ...filter, limit: mostShown })}`),
    review: (turn: string, verdict: ReviewVerdict) => api.put<ReviewVerdict>(candidate(turn), verdict),
    discard: (turn: string) => api.post(`${candidate(turn)}/discard`, {}),
    reopen: (turn: string) => api.remove(candidate(turn)),
    readChoices: () => api.get<ReviewChoices>(`${base}/choices`),
    readEffect: () => api.get<ReviewEffect>(`${base}/effect`),
    importLabels: (file: File) => {
      const format = file.name.toLowerCase().endsWith('.jsonl') ? 'jsonl' : 'csv'
      return api.upload<Imported>(`${base}/labels/import?format=${format}`, file, fileTypes[format])
    },
    exportLabels: (format: LabelFormat) =>
      downloadFile(api, `${base}/labels/export?format=${format}`, `labels.${format}`),
    listJobs: async () => (await api.get<{ jobs: TrainingJob[] }>(`${base}/jobs?limit=10`)).jobs,
    startJob: () => api.post<TrainingJob>(`${base}/jobs`, {}),
    cancelJob: (job: string) => api.post<TrainingJob>(`${base}/jobs/${encodeURIComponent(job)}/cancel`, {}),
    readSchedule: () => api.get<TrainingSchedule>(`${base}/schedule`),
    changeSchedule: (change: ScheduleChange) => api.put<TrainingSchedule>(`${base}/schedule`, change),
    listModels: () => api.get<TrainingModels>(`${base}/models`),
    compareModels: (one: string, other: string) =>
      api.get<ModelComparison>(`${model(one)}/compare/${encodeURIComponent(other)}`),
    deployModel: (id: string, reason: string) => api.post<unknown>(`${model(id)}/deploy`, { reason }),
    rollBack: (reason: string) => api.post<unknown>(`${base}/models/rollback`, { reason }),
  }
}
