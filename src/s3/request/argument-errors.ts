import { S3Error } from '../s3-error.ts'

/** `InvalidArgument` that names the argument or header, as S3 does. */
export function invalidArgument(name: string, value: string, message?: string): S3Error {
  return new S3Error('InvalidArgument', message, {
    details: { argumentName: name, argumentValue: value.slice(0, 256) },
  })
}

/** Refuses what a request asks for beyond what is offered here. */
export function notImplemented(kind: 'header' | 'query argument' | 'value', name: string): S3Error {
  return new S3Error('NotImplemented', `The ${kind} ${name} asks for something that is not implemented.`, {
    details: kind === 'query argument' ? { argumentName: name } : { header: name },
  })
}
