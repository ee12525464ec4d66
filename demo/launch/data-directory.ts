import { join } from 'node:path'
import { prepareDataDir } from './data-dir.ts'
import { takeLock } from './lock.ts'
import { type LogFile, openLogFile } from './log-file.ts'
import { choosePorts } from './ports.ts'
import { loadSecrets, type Secrets } from './secrets.ts'

const portNames = [
  'http',
  'nlu',
  'nluMetrics',
  'workerMetrics',
  'postgres',
  'identity',
  'mail',
  'smtp',
  'erpPrimary',
  'erpStandby',
] as const

/** DATA_DIR, opened and locked: everything a launch keeps between starts. */
export type DataDirectory = {
  path: string
  logsDir: string
  ports: Record<(typeof portNames)[number], number>
  secrets: Secrets
  logOf: (part: string) => LogFile
  release: () => void
}

/** Throws LaunchError when it cannot be used or another launch uses it. */
export async function openDataDirectory(dataDir: string): Promise<DataDirectory> {
  const path = await prepareDataDir(dataDir)
  const lock = takeLock(path)
  try {
    const logsDir = join(path, 'logs')
    const logs = new Map<string, LogFile>()
    const logOf = (part: string) => {
      const log = logs.get(part) ?? openLogFile(join(logsDir, `${part}.log`))
      logs.set(part, log)
      return log
    }
    return {
      path,
      logsDir,
      ports: await choosePorts(path, portNames),
      secrets: await loadSecrets(path),
      logOf,
      release: lock.release,
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
