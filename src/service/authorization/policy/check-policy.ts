import { findAccountIds, readAccountIds } from '../../accounts/find-accounts.ts'
import type { ServiceContext } from '../../context.ts'
import { malformed, parsePolicy } from './parse.ts'
import type { Policy } from './policy.ts'

/** A policy that may be stored. */
interface CheckedPolicy {
  readonly policy: Policy
  /** As it was written; with canonical ids replaced, where it had any. */
  readonly text: string
}

/**
 * Reads a policy that is put, and holds its principals against the accounts of this server: a statement about nobody is a mistake that would
 * not be noticed otherwise, and a Deny of the kind protects nothing. As in S3, canonical ids become the ARNs of their accounts. Throws
 * `MalformedPolicy` naming the first principal that no account has.
 */
export async function checkPolicy(
  context: ServiceContext,
  text: string,
  bucketName: string,
): Promise<CheckedPolicy> {
  const policy = parsePolicy(text, bucketName)
  const principals = policy.statements.map(({ principal }) => principal)
  const names = new Set(principals.flatMap((principal) => [...principal.names]))
  const canonicalUserIds = new Set(principals.flatMap((principal) => [...principal.canonicalUserIds]))
  const known = await readAccountIds(context, [...names])
  for (const name of names) if (!known.has(name)) throw malformed(`Invalid principal in policy: ${name}`)
  if (canonicalUserIds.size === 0) return { policy, text }
  const accountIds = await findAccountIds(context, [...canonicalUserIds])
  const named = JSON.stringify(withAccounts(JSON.parse(text) as PolicyDocument, accountIds))
  return { policy: parsePolicy(named, bucketName), text: named }
}

/** The part of a policy document that names principals; parsePolicy has seen that it is so. */
interface PolicyDocument {
  readonly Statement: StatementDocument | readonly StatementDocument[]
}

interface StatementDocument {
  readonly Principal?: PrincipalDocument
  readonly NotPrincipal?: PrincipalDocument
}

type PrincipalDocument =
  string | { readonly AWS?: string | readonly string[]; readonly CanonicalUser?: string | readonly string[] }

function withAccounts(document: PolicyDocument, accountIds: ReadonlyMap<string, string>): PolicyDocument {
  const { Statement: statement } = document
  const statements = Array.isArray(statement)
    ? (statement as StatementDocument[])
    : [statement as StatementDocument]
  return {
    ...document,
    Statement: statements.map((item) => ({
      ...item,
      ...(item.Principal !== undefined && { Principal: principalOf(item.Principal, accountIds) }),
      ...(item.NotPrincipal !== undefined && { NotPrincipal: principalOf(item.NotPrincipal, accountIds) }),
    })),
  }
}

function principalOf(
  principal: PrincipalDocument,
  accountIds: ReadonlyMap<string, string>,
): PrincipalDocument {
  if (typeof principal === 'string' || principal.CanonicalUser === undefined) return principal
  const arns = [principal.CanonicalUser].flat().map((canonicalUserId) => {
    const accountId = accountIds.get(canonicalUserId)
    if (accountId === undefined) throw malformed(`Invalid principal in policy: ${canonicalUserId}`)
    return `arn:aws:iam::${accountId}:root`
  })
  return { AWS: [...[principal.AWS ?? []].flat(), ...arns] }
}
