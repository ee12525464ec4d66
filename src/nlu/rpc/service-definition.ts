import { fromBinary, toBinary } from '@bufbuild/protobuf'
import type { ServiceDefinition } from '@grpc/grpc-js'
import {
  type AnalyzeRequest,
  AnalyzeRequestSchema,
  type AnalyzeResponse,
  AnalyzeResponseSchema,
  Understanding,
} from '../gen/nlu_pb.ts'

/** A question and its dialogue state are small; anything larger is not one. A message too large would break the stream for all. */
export const maxRequestBytes = 256 * 1024
export const maxResponseBytes = 1024 * 1024

const asIs = (bytes: Buffer): Buffer => bytes
const { analyze } = Understanding.method

/**
 * `erpchat.nlu.v1.Understanding` for grpc-js servers and clients. Messages cross it as bytes: each end encodes and decodes by
 * itself, so that one that is too large or unreadable is that request's trouble and not the stream's.
 */
export const understandingService: ServiceDefinition = {
  analyze: {
    path: `/${Understanding.typeName}/${analyze.name}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
}

const toBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const encodeRequest = (message: AnalyzeRequest): Buffer => toBuffer(toBinary(AnalyzeRequestSchema, message))
export const encodeResponse = (message: AnalyzeResponse): Buffer => toBuffer(toBinary(AnalyzeResponseSchema, message))
/** Throws when the bytes are no AnalyzeRequest. */
export const decodeRequest = (bytes: Uint8Array): AnalyzeRequest => fromBinary(AnalyzeRequestSchema, bytes)
/** Throws when the bytes are no AnalyzeResponse. */
export const decodeResponse = (bytes: Uint8Array): AnalyzeResponse => fromBinary(AnalyzeResponseSchema, bytes)
