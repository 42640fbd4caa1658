/** Serves a provider to the Pulumi engine, over the protocol that plugins speak. */
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { type Answer, Empty, Struct, servePulumi, structOf } from "../../../engines/pulumi-protocol";
import type { Change } from "./compare";
import type { Values } from "./values";

export interface Provider {
  configure(config: Readonly<Record<string, string>>): void;
  invoke(token: string, args: Values): Values;
  /** The inputs with what the provider adds to them, such as a name. */
  check(of: Subject, oldInputs: Values, inputs: Values): Values;
  diff(of: Subject, state: Values, oldInputs: Values, inputs: Values): Difference;
  create(
    of: Subject,
    inputs: Values,
    preview: boolean,
  ): Promise<{ readonly id: string; readonly state: Values }>;
  /** `undefined` where it is gone. */
  read(
    of: Subject,
    id: string,
    inputs: Values,
  ): { readonly state: Values; readonly inputs: Values } | undefined;
  update(of: Subject, id: string, change: Update, preview: boolean): Promise<Values>;
  delete(of: Subject, id: string): Promise<void>;
}

export interface Subject {
  readonly type: string;
  /** The name in the program. */
  readonly name: string;
}

export interface Difference {
  readonly changes: readonly Change[];
  readonly deleteBeforeReplace: boolean;
}

export interface Update {
  readonly state: Values;
  readonly oldInputs: Values;
  readonly inputs: Values;
}

type StructOf = InstanceType<typeof Struct> | undefined;

const values = (struct: StructOf): Values => (struct?.toJavaScript() as Values) ?? {};
/** Both in one text: `urn:pulumi:dev::project::parent$type::name`. */
function subjectOf(urn: string): Subject {
  const [, , types, ...name] = urn.split("::");
  return { type: types!.split("$").at(-1)!, name: name.join("::") };
}

export const serveProvider = (provider: Provider, version: string) =>
  servePulumi([{ definition: ResourceProviderService, answers: answersOf(provider, version) }]);

function answersOf(provider: Provider, version: string): Record<string, Answer> {
  return {
    attach: () => new Empty(),
    cancel: () => new Empty(),
    getPluginInfo: () => new PluginInfo().setVersion(version),
    configure: (request: messages.ConfigureRequest) => {
      provider.configure(Object.fromEntries(request.getVariablesMap().toObject()));
      return new messages.ConfigureResponse().setSupportspreview(true);
    },
    invoke: (request: messages.InvokeRequest) =>
      new messages.InvokeResponse().setReturn(
        structOf(provider.invoke(request.getTok(), values(request.getArgs()))),
      ),
    ...ofResources(provider),
  };
}

function ofResources(provider: Provider): Record<string, Answer> {
  return {
    check: (request: messages.CheckRequest) =>
      new messages.CheckResponse().setInputs(
        structOf(
          provider.check(subjectOf(request.getUrn()), values(request.getOlds()), values(request.getNews())),
        ),
      ),
    diff: (request: messages.DiffRequest) =>
      diffResponse(
        provider.diff(
          subjectOf(request.getUrn()),
          values(request.getOlds()),
          values(request.getOldInputs()),
          values(request.getNews()),
        ),
      ),
    create: async (request: messages.CreateRequest) => {
      const { id, state } = await provider.create(
        subjectOf(request.getUrn()),
        values(request.getProperties()),
        request.getPreview(),
      );
      return new messages.CreateResponse().setId(id).setProperties(structOf(state));
    },
    read: (request: messages.ReadRequest) => {
      const found = provider.read(subjectOf(request.getUrn()), request.getId(), values(request.getInputs()));
      if (!found) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(request.getId())
        .setProperties(structOf(found.state))
        .setInputs(structOf(found.inputs));
    },
    update: async (request: messages.UpdateRequest) =>
      new messages.UpdateResponse().setProperties(
        structOf(
          await provider.update(
            subjectOf(request.getUrn()),
            request.getId(),
            {
              state: values(request.getOlds()),
              oldInputs: values(request.getOldInputs()),
              inputs: values(request.getNews()),
            },
            request.getPreview(),
          ),
        ),
      ),
    delete: async (request: messages.DeleteRequest) => {
      await provider.delete(subjectOf(request.getUrn()), request.getId());
      return new Empty();
    },
  };
}

function diffResponse({ changes, deleteBeforeReplace }: Difference) {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...new Set(changes.map(({ path }) => path.split(/[.[]/)[0]!))])
    .setReplacesList(changes.filter(({ replaces }) => replaces).map(({ path }) => path))
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const { path, kind, replaces } of changes) {
    const name =
      `${kind.toUpperCase()}${replaces ? "_REPLACE" : ""}` as keyof typeof messages.PropertyDiff.Kind;
    response
      .getDetaileddiffMap()
      .set(path, new messages.PropertyDiff().setKind(messages.PropertyDiff.Kind[name]));
  }
  return response;
}
