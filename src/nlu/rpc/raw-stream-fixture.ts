import { create } from '@bufbuild/protobuf'
import { type ClientDuplexStream, credentials, makeGenericClientConstructor } from '@grpc/grpc-js'
import { type AnalyzeRequest, AnalyzeRequestSchema, type AnalyzeResponse } from '../gen/nlu_pb.ts'
import { closeLater } from './rpc-fixture.ts'
import { decodeResponse, encodeRequest, understandingService } from './service-definition.ts'

/** A stream to an understanding server without our client around it: sends what it is told, keeps what it gets. */
export async function openRawStream(address: string) {
  const Client = makeGenericClientConstructor(understandingService, 'Raw')
  const client = closeLater(new Client(address, credentials.createInsecure(), { 'grpc.max_send_message_length': -1 }))
  const stream = (client as unknown as { analyze(): ClientDuplexStream<Buffer, Buffer> }).analyze()
  const responses: AnalyzeResponse[] = []
  const errors: { code?: number }[] = []
  stream.on('data', (bytes: Buffer) => responses.push(decodeResponse(bytes)))
  stream.on('error', (error) => errors.push(error as { code?: number }))
  return {
    responses,
    errors,
    stream,
    send: (fields: Partial<AnalyzeRequest>) =>
      stream.write(
        encodeRequest(create(AnalyzeRequestSchema, { today: '2026-11-23', language: 'ko', ...fields } as never)),
      ),
    sendBytes: (bytes: Buffer) => stream.write(bytes),
  }
}
