/** A real Elasticsearch 7.10 node, without security: that of a domain is a plugin that nobody publishes as a jar. */
import { type JavaNode, startJavaNode } from "../java-node/java-node";

const ENGINE = { name: "Elasticsearch", folder: __dirname, package: "org.elasticsearch" };

export const startElasticsearch = (): Promise<JavaNode> => startJavaNode(ENGINE);
