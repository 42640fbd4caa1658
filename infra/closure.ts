/** What every Lambda function whose code is a closure of this program has in common. */
import type * as pulumi from "@pulumi/pulumi";
import packageJson from "../package.json";

/** Handlers are async functions; this runtime takes no other. */
export const closureRuntime = "nodejs24.x";

/**
 * Options for an archive with nothing but the closure's text in it. Without them every package of `dependencies`
 * would be zipped with it, 200 MB. A new object at each call: the function that gets it writes to it.
 */
export const closureAlone = (): pulumi.runtime.CodePathOptions => ({
  extraExcludePackages: Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies }).sort(),
});
