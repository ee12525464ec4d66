import { type DescMethod, fromBinary, type Message, toBinary } from '@bufbuild/protobuf'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import { Understanding } from '../gen/nlu_pb.ts'

/** A protobuf-es method as grpc-js wants it: path, stream kinds and byte codecs. */
function toMethodDefinition(method: DescMethod): MethodDefinition<Message, Message> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === 'bidi_streaming' || method.methodKind === 'client_streaming',
    responseStream: method.methodKind === 'bidi_streaming' || method.methodKind === 'server_streaming',
    requestSerialize: (message) => Buffer.from(toBinary(method.input, message)),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  }
}

/** `erpchat.nlu.v1.Understanding` for grpc-js servers and clients. */
export const understandingService: ServiceDefinition = Object.fromEntries(
  Understanding.methods.map((method) => [method.localName, toMethodDefinition(method)]),
)
