//! The fields of extension.yaml, as ksbuilder declares them (pkg/api/metadata.go).

use super::shape::{FieldShape, Shape};

const fn always(key: &'static str, shape: Shape) -> FieldShape {
    FieldShape {
        key,
        shape,
        omit_empty: false,
    }
}

const fn unless_empty(key: &'static str, shape: Shape) -> FieldShape {
    FieldShape {
        key,
        shape,
        omit_empty: true,
    }
}

static TEXT: Shape = Shape::Text;

/// `Metadata`: the whole file.
pub static MANIFEST: Shape = Shape::Struct(&[
    always("apiVersion", Shape::Text),
    always("name", Shape::Text),
    always("version", Shape::Text),
    always("displayName", Shape::Map(&TEXT)),
    always("description", Shape::Map(&TEXT)),
    always("category", Shape::Text),
    unless_empty("keywords", Shape::List(&TEXT)),
    unless_empty("home", Shape::Text),
    unless_empty("docs", Shape::Text),
    unless_empty("sources", Shape::List(&TEXT)),
    unless_empty("kubeVersion", Shape::Text),
    unless_empty("ksVersion", Shape::Text),
    unless_empty("maintainers", Shape::List(&PERSON)),
    always("provider", Shape::Map(&PERSON)),
    unless_empty("staticFileDirectory", Shape::Text),
    always("icon", Shape::Text),
    unless_empty("screenshots", Shape::List(&TEXT)),
    unless_empty("dependencies", Shape::List(&DEPENDENCY)),
    always("installationMode", Shape::Text),
    unless_empty("namespace", Shape::Text),
    unless_empty("images", Shape::List(&TEXT)),
    unless_empty("externalDependencies", Shape::List(&EXTERNAL_DEPENDENCY)),
    unless_empty("annotations", Shape::Map(&TEXT)),
]);

/// `chart.Maintainer` and `v1alpha1.Provider`, which have the same fields.
pub static PERSON: Shape = PERSON_FIELDS;

const PERSON_FIELDS: Shape = Shape::Struct(&[
    unless_empty("name", Shape::Text),
    unless_empty("url", Shape::Text),
    unless_empty("email", Shape::Text),
]);

/// `chart.Dependency` of Helm.
pub static DEPENDENCY: Shape = Shape::Struct(&[
    always("name", Shape::Text),
    unless_empty("version", Shape::Text),
    always("repository", Shape::Text),
    unless_empty("condition", Shape::Text),
    unless_empty("tags", Shape::List(&TEXT)),
    unless_empty("enabled", Shape::Bool),
    unless_empty("import-values", Shape::List(&Shape::Any)),
    unless_empty("alias", Shape::Text),
]);

/// `v1alpha1.ExternalDependency` of KubeSphere.
static EXTERNAL_DEPENDENCY: Shape = Shape::Struct(&[
    always("name", Shape::Text),
    unless_empty("type", Shape::Text),
    always("version", Shape::Text),
    always("required", Shape::Bool),
]);

/// `chart.Metadata` of Helm: a Chart.yaml (pkg/chart/metadata.go).
pub static CHART: Shape = Shape::Struct(&[
    unless_empty("name", Shape::Text),
    unless_empty("home", Shape::Text),
    unless_empty("sources", Shape::List(&TEXT)),
    unless_empty("version", Shape::Text),
    unless_empty("description", Shape::Text),
    unless_empty("keywords", Shape::List(&TEXT)),
    unless_empty("maintainers", Shape::List(&PERSON)),
    unless_empty("icon", Shape::Text),
    unless_empty("apiVersion", Shape::Text),
    unless_empty("condition", Shape::Text),
    unless_empty("tags", Shape::Text),
    unless_empty("appVersion", Shape::Text),
    unless_empty("deprecated", Shape::Bool),
    unless_empty("annotations", Shape::Map(&TEXT)),
    unless_empty("kubeVersion", Shape::Text),
    unless_empty("dependencies", Shape::List(&DEPENDENCY)),
    unless_empty("type", Shape::Text),
]);

/// `chart.Lock` of Helm: a Chart.lock (pkg/chart/dependency.go).
pub static CHART_LOCK: Shape = Shape::Struct(&[
    always("generated", Shape::Time),
    always("digest", Shape::Text),
    always("dependencies", Shape::List(&DEPENDENCY)),
]);

/// `ApplicationClass` of ksbuilder: an applicationclass.yaml (pkg/extension/publish.go).
pub static APPLICATION_CLASS: Shape = Shape::Struct(&[
    unless_empty("applicationClassGroup", Shape::Text),
    unless_empty("name", Shape::Text),
    unless_empty("provisioner", Shape::Text),
    unless_empty("parameters", Shape::Map(&TEXT)),
    unless_empty("appVersion", Shape::Text),
    unless_empty("packageVersion", Shape::Text),
    unless_empty("icon", Shape::Text),
    unless_empty("description", Shape::Map(&TEXT)),
    unless_empty("maintainer", PERSON_FIELDS),
]);
