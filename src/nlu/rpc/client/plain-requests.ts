import type { AnalyzeRequest } from '../../gen/nlu_pb.ts'
import { encodeRequest } from '../service-definition.ts'

const nothing: AnalyzeRequest = {
  $typeName: 'erpchat.nlu.v1.AnalyzeRequest',
  requestId: '',
  text: '',
  today: '',
  language: '',
  partial: false,
  traceparent: '',
  revision: 0,
  timeoutMillis: 0,
  withdrawn: false,
}

/** Takes back what is asked under `requestId`. */
export const encodeWithdrawal = (requestId: string): Buffer => encodeRequest({ ...nothing, requestId, withdrawn: true })

/** A request with nothing to read: any answer to it says that the server reads. */
export const encodeProbe = (requestId: string, timeoutMillis: number): Buffer =>
  encodeRequest({ ...nothing, requestId, today: '2000-01-01', language: 'ko', partial: true, timeoutMillis })
