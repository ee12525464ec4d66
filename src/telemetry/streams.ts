import type { LogDataset } from '#platform/log'

/** The streams that logs are kept in. `app` and `system` are what happens now; `summary` and `audit` are made from our tables. */
export const logStreams = ['app', 'system', 'summary', 'audit'] as const
export type LogStream = (typeof logStreams)[number]

/** How long each is kept, in days; `deploy/elasticsearch` says the same to Elasticsearch, and a test holds them together. */
export const keepDays: Record<LogStream, number> = { app: 7, system: 7, summary: 90, audit: 365 }

/** The dataset of a stream, by which its data stream is named. */
export function datasetOf(stream: LogStream): string {
  return `erp_chatbot.${stream}`
}

/** What marks a line of a stream; `namespace` tells installations apart that share a log store. */
export function placeOf(stream: LogStream, namespace: string): LogDataset {
  return { dataset: datasetOf(stream), namespace }
}

/** The name of a stream's data stream, as Elasticsearch forms it. */
export function dataStreamOf(stream: LogStream, namespace: string): string {
  return `logs-${datasetOf(stream)}-${namespace}`
}
