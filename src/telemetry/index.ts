export { type Logs, openLogs } from './open-logs.ts'
export { startKeepingLogs } from './start-keeping-logs.ts'
export { watchProcess } from './system/watch-process.ts'
export { startTracing } from './tracing/start-tracing.ts'
