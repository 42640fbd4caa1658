/** Lambda functions whose code is a closure of the program. */
import { relative } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { packageFolders, requiredPackages } from "./closure-packages";

/** Handlers are async functions; this runtime takes no other. */
export const closureRuntime = "nodejs24.x";

type ClosureArgs<E, R> = Omit<aws.lambda.CallbackFunctionArgs<E, R>, "callback" | "codePathOptions"> &
  Required<Pick<aws.lambda.CallbackFunctionArgs<E, R>, "callbackFactory" | "role">>;

/**
 * What `new aws.lambda.CallbackFunction` makes, with an archive of its own: the closure's text and the packages that
 * it requires. CallbackFunction puts in whatever the program depends on, 200 MB for ours, and walks all of
 * node_modules for each function.
 */
export function closureFunction<E, R>(
  name: string,
  { callbackFactory, ...args }: ClosureArgs<E, R>,
  opts: pulumi.CustomResourceOptions,
): aws.lambda.CallbackFunction<E, R> {
  const functionArgs: aws.lambda.FunctionArgs = {
    ...args,
    role: aws.iam.Role.isInstance(args.role) ? args.role.arn : (args.role as pulumi.Input<string>),
    handler: "__index.handler",
    code: pulumi.output(archiveOf(callbackFactory)),
  };
  // Without the constructor of CallbackFunction, which would serialize once more and walk.
  return Reflect.construct(aws.lambda.Function, [name, functionArgs, opts], aws.lambda.CallbackFunction);
}

/** The text of each factory: pipelines on one domain, and equal chains, have theirs made once. */
const texts = new WeakMap<object, Promise<pulumi.runtime.SerializedFunction>>();

// biome-ignore lint/complexity/noBannedTypes: any factory
function textOf(factory: Function): Promise<pulumi.runtime.SerializedFunction> {
  const text =
    texts.get(factory) ??
    pulumi.runtime.serializeFunction(factory, { isFactoryFunction: true, allowSecrets: true });
  texts.set(factory, text);
  return text;
}

// biome-ignore lint/complexity/noBannedTypes: any factory
async function archiveOf(factory: Function): Promise<pulumi.Input<pulumi.asset.Archive>> {
  const { text, containsSecrets } = await textOf(factory);
  const archive = new pulumi.asset.AssetArchive({
    "__index.js": new pulumi.asset.StringAsset(text),
    ...Object.fromEntries(
      [...packageFolders(requiredPackages(text), process.cwd())].map(([path, folder]) => [
        path,
        // Relative, as the path is in the state and another machine has another one.
        new pulumi.asset.FileArchive(relative(process.cwd(), folder)),
      ]),
    ),
  });
  return containsSecrets ? pulumi.secret(archive) : archive;
}
