import { useState } from 'react'
import type { ChatRequests, ExportFormat } from '../api/chat-requests.ts'

/** Fetches a file and says how that goes. */
export function useExport(requests: ChatRequests) {
  const [phase, setPhase] = useState<'idle' | 'busy' | 'failed'>('idle')
  async function download(path: string, format: ExportFormat): Promise<void> {
    setPhase('busy')
    try {
      await requests.download(path, format)
      setPhase('idle')
    } catch {
      setPhase('failed')
    }
  }
  return { phase, download }
}
