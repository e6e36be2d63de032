/**
 * What Resource Manager manages: the shapes of a provider, and nothing else.
 *
 * A provider is one folder per namespace; a type in it is one of two shapes. A `StoredType` keeps
 * its resources in the generic table and fills in only what is its own: the engine in planes/arm
 * owns ids, api-versions, authorization, locks, tags, the identity envelope, operations and paging.
 * A `DerivedType` keeps its things elsewhere (role assignments) or computes them (the system
 * identity of a resource) and answers verbs itself; the engine still owns ids, versions,
 * authorization and locks. Providers know core; they know no plane and no other provider.
 */
import type { z } from 'zod'
import type { Failure } from '../base/failure.ts'
import type { ResourceId } from '../base/resource-id.ts'
import type { Secret } from '../base/secret.ts'
import type { Call } from '../core/call.ts'
import type { Manage } from '../core/deployments/managed.ts'
import type { JobName } from '../core/job-names.ts'
import type { Attributes } from '../core/rbac/conditions/evaluate.ts'
import type { Resource } from '../core/resources/resource.ts'
import type { Transaction } from '../core/transaction.ts'

interface Named {
  /** `Microsoft.Compute/virtualMachines`, in the casing that answers show. */
  readonly name: string
  /** Newest last. Unlisted later versions are answered like the newest listed one. */
  readonly apiVersions: readonly string[]
  /** The prefix of its actions where it is not the name (resource groups). */
  readonly actionPrefix?: string
  /** Where its resources hang: in a group, at the subscription, at the tenant, or on any scope. */
  readonly place: 'group' | 'subscription' | 'tenant' | 'extension'
}

/** What a PUT or PATCH asks for, already checked: a PATCH is merged with what was there. */
export interface Asked<Properties> {
  readonly id: ResourceId
  readonly location: string | undefined
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly kind: string | undefined
  readonly sku: Readonly<Record<string, unknown>> | undefined
  /** Members beside properties that are kept as they came: zones, plan, managedBy, … */
  readonly envelope: Readonly<Record<string, unknown>>
  readonly properties: Properties
}

/** What the provider decided; the engine stores it. */
export interface Settled {
  /** What answers show as `properties`. */
  readonly properties: Readonly<Record<string, unknown>>
  /** What the provider keeps for itself and never shows. */
  readonly state?: Readonly<Record<string, unknown>>
  readonly sku?: Readonly<Record<string, unknown>>
  /** In place of the kind asked for: what App Service makes of it. */
  readonly kind?: string
  /** In place of the tags asked for: those of a resource that comes back. */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** In place of the members beside properties, where leaving one out does not take it away. */
  readonly envelope?: Readonly<Record<string, unknown>>
  /** A job finishes the work later: the engine begins an operation and wakes it. */
  readonly later?: {
    readonly job: JobName
    readonly provisioningState: 'Creating' | 'Updating'
    /** Work that no row tells of; it rests sealed. */
    readonly input?: unknown
  }
  /** The children that the body names, of one type each: the others of that type are removed. */
  readonly children?: readonly NamedChildren[]
  /** What comes into being with it, and what it then refers to: a machine's disks. */
  readonly beside?: readonly Beside[]
}

/** A resource of its own that another brings along: the engine writes it like a PUT. */
export interface Beside {
  readonly id: ResourceId
  readonly body: unknown
}

/** Children written inside their parent: the engine writes each like a PUT of its own. */
export interface NamedChildren {
  /** `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string
  readonly items: readonly { readonly name: string; readonly body: unknown }[]
}

export interface ActionAnswer {
  readonly status?: number
  readonly body?: unknown
  /** Private state to keep on the resource. */
  readonly state?: Readonly<Record<string, unknown>>
  /** What the action changes of what is shown. */
  readonly properties?: Readonly<Record<string, unknown>>
  readonly sku?: Readonly<Record<string, unknown>>
  /** A job finishes the work: 202 with an operation. Input is work that no row tells of. */
  readonly later?: { readonly job: JobName; readonly input?: unknown }
}

export interface StoredType<Properties = unknown> extends Named {
  readonly kind: 'stored'
  /** Whether a location must be given; global types take `global` or none. */
  readonly location: 'required' | 'optional' | 'none'
  readonly identity: 'none' | 'system' | 'user' | 'system-and-user'
  /** Names the type allows. `message` is Azure's, when it has one of its own. */
  readonly names: { readonly pattern: RegExp; readonly code?: string; readonly message?: string }
  /** Reads `properties`, of a PUT and of a merged PATCH. */
  readonly properties: z.ZodType<Properties>
  /** Members the answers carry beside the common ones. */
  readonly shows?: {
    readonly etag?: boolean
    readonly systemData?: boolean
    /** Shown inside properties; off for types that have none. */
    readonly provisioningState?: boolean
    /** `site/slot`: the names of what it is in before its own, as App Service shows them. */
    readonly name?: 'with parents'
    /** `tags: {}` where there are none. */
    readonly tags?: 'always'
  }
  /** Members that only their owner may name, e.g. `zones`; unknown members are refused. */
  readonly envelope?: readonly string[]
  /** 201 or 200 for a PUT of an existing one is the engine's; some types answer a create so. */
  readonly createdStatus?: 200 | 201
  /** 200 for a DELETE of what was there is the engine's; the clients of some types take 204 alone. */
  readonly deletedStatus?: 204
  /** Database only. The query is the request's, for its api-version. @throws Failure */
  settle(
    tx: Transaction,
    asked: Asked<Properties>,
    before: Resource | undefined,
    query: Query,
  ): Promise<Settled>
  /** What it refers to: must exist, may need a permission, and is told who uses it. */
  uses?(asked: Asked<Properties>, before: Resource | undefined): readonly Use[]
  /** Ids below it that others refer to and that are no resources of their own, such as pools. */
  parts?(resource: Resource): readonly ResourceId[]
  /** Refuses a delete while others refer to it; without it they are left referring to nothing. */
  inUse?(resource: Resource, by: readonly string[]): Failure | undefined
  /** Lives and goes with its parent: it cannot be deleted by itself. */
  readonly permanent?: true
  /** Holds for all below it: lists tell what holds at a scope and below, `atScope()` the former. */
  readonly reaches?: true
  /** Stays in its group: it cannot be moved to another. */
  readonly unmovable?: true
  /** In the same transaction as a move: what it keeps by its id is to be found by the new one. */
  moved?(tx: Transaction, before: Resource, after: Resource): Promise<void>
  /** Refuses to be deleted by itself; with what it is in, it goes. @throws Failure */
  refuseRemoval?(call: Call, resource: Resource): Promise<void>
  /** In the same transaction as the delete. */
  release?(tx: Transaction, resource: Resource): Promise<void>
  /** What its owner wants deleted with it; it stays where it is locked, used or not the caller's. */
  goesWith?(resource: Resource, query: Query): readonly ResourceId[]
  /** Set when a delete is finished by a job: it is answered 202 with an operation. */
  readonly removal?: { readonly job: JobName }
  /** What answers show as properties, where it is more than what is stored. */
  shown?(call: Call, resource: Resource, query: Query): Promise<Record<string, unknown>>
  /** Whether a list has it, where the query says which are wanted; all are unless it does. */
  listed?(resource: Resource, query: Query): boolean
  /** Members that answers show beside properties, where they are computed. */
  shownBeside?(call: Call, resource: Resource): Promise<Record<string, unknown>>
  /** A secret it keeps, for the parameter of a template. Action: `{type}/deploy/action`. */
  templateSecret?(call: Call, resource: Resource, asked: SecretAsked): Promise<Secret<string>>
  /** POST `{id}/{name}`. Action: `{type}/{name}/action`. */
  readonly actions?: Readonly<
    Record<
      string,
      (
        tx: Transaction,
        resource: Resource,
        body: unknown,
        prepared: unknown,
      ) => Promise<ActionAnswer>
    >
  >
  /** What an action takes too long to make inside its transaction: keys. Given to it as prepared. */
  readonly preparations?: Readonly<Record<string, (body: unknown) => Promise<unknown>>>
  /** PUT `{id}/{name}`. Action: `{type}/{name}/write`. */
  readonly writes?: Readonly<
    Record<string, (tx: Transaction, resource: Resource, body: unknown) => Promise<ActionAnswer>>
  >
  /** GET `{id}/{name}`. Action: `{type}/{name}/read`. */
  readonly reads?: Readonly<
    Record<string, (call: Call, resource: Resource, query: Query) => Promise<unknown>>
  >
}

export type Query = Readonly<Record<string, string>>

/** An answer in ARM's terms; `undefined` body is none. */
export interface Answer {
  readonly status: number
  /** Of an action that is answered 202: where to ask how it ends. */
  readonly operation?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface DerivedType extends Named {
  readonly kind: 'derived'
  /** Its bodies carry templates, which are read as leniently as templates are written. */
  readonly body?: 'template'
  get?(call: Call, id: ResourceId, query: Query): Promise<Answer>
  /** GET of the collection at a scope. */
  list?(call: Call, scope: ResourceId, query: Query): Promise<Answer>
  put?(tx: Transaction, id: ResourceId, body: unknown, query: Query, lent: Lent): Promise<Answer>
  /** What takes too long inside the transaction of a put, such as keys; put gets it for its body. */
  prepare?(call: Call, id: ResourceId, body: unknown): Promise<unknown>
  patch?(tx: Transaction, id: ResourceId, body: unknown, query: Query): Promise<Answer>
  remove?(tx: Transaction, id: ResourceId, query: Query): Promise<Answer>
  /** What POST on the collection needs, where it is not `{type}/action`. */
  readonly collectionAction?: string
  /** POST `{id}/{name}`, and POST `{scope}/providers/{type}` under the name ''. */
  readonly actions?: Readonly<
    Record<string, (tx: Transaction, at: ResourceId, body: unknown, lent: Lent) => Promise<Answer>>
  >
  /** Actions that write to see what would come of it: everything they wrote is undone. */
  readonly rehearsed?: ReadonlySet<string>
  /** The answer that tells of a failure, for an action whose finding that is; else it is refused. */
  found?(action: string, failure: Failure): Answer | undefined
  /** What conditions on role assignments may look at in a write. */
  attributes?(
    call: Call,
    id: ResourceId,
    verb: 'write' | 'delete',
    body: unknown,
  ): Promise<Attributes>
  /**
   * Whether it takes no role at the scope: what is told there is nobody's, the caller's own, or only
   * as much as the caller may read.
   */
  freely?(verb: 'get' | 'list' | 'act', scope: ResourceId): boolean
  /** What a request needs, where it is not `{type}/{verb}` on its id alone. */
  needs?(
    call: Call,
    id: ResourceId,
    verb: 'read' | 'write' | 'delete',
    body: unknown,
    query: Query,
  ): Promise<readonly NeededAccess[]>
  /** Further permissions a write needs, on what its body links to; checked by the engine. */
  linked?(call: Call, id: ResourceId, body: unknown): Promise<readonly LinkedAccess[]>
}

/** The code of a failure that only says: this takes too long to be made in a rehearsal. */
export const NOT_REHEARSED = 'NotRehearsed'

/** Resource Manager, lent to a type that works on others: as the caller, permitted or refused. */
export interface Lent {
  readonly manage: Manage
  /** @throws Failure missing where there is no such type, invalid where not in this version */
  requireType(name: string, apiVersion: string): void
  /** @throws Failure when there is no such secret, or not for the caller's templates */
  secretOf(call: Call, keeper: ResourceId, asked: SecretAsked): Promise<Secret<string>>
}

export interface SecretAsked {
  readonly name: string
  /** The newest where it is undefined. */
  readonly version: string | undefined
}

export interface LinkedAccess {
  readonly action: string
  readonly scope: ResourceId
}

export interface NeededAccess extends LinkedAccess {
  /** The refusal in Azure's words, when it has some of its own. */
  readonly message?: string
}

/** A reference from a resource, or from a part of it, to another resource. */
export interface Use {
  /** The id of what refers: the resource's own, or a part's. */
  readonly from: string
  readonly to: ResourceId
  /** `Microsoft.Network/virtualNetworks/subnets/join/action`; none where the reference is free. */
  readonly action?: string
  /** Looked at once and not remembered, such as what a copy is made of. */
  readonly once?: true
}

export type Type = StoredType | DerivedType

export interface Provider {
  /** `Microsoft.Compute`. */
  readonly namespace: string
  readonly types: readonly Type[]
}

/** Declares a stored type with its properties typed; lists forget the type. */
export function storedType<Properties>(type: StoredType<Properties>): StoredType {
  return type as unknown as StoredType
}
