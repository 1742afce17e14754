//! How the names of C become those of another language. A rule for each language, and the few exceptions.

use crate::model::{Api, Constant, Enum};

/// The words of an enumerator after the part that all of its enum share: PQRTC_SUITE_X_WING gives X_WING.
pub fn enumerator<'a>(of: &Enum, value: &'a Constant) -> &'a str {
    let words: Vec<_> = of.name.split('_').collect();
    let prefix = (1..=words.len())
        .rev()
        .map(|count| words[..count].join("_").to_uppercase() + "_")
        .find(|prefix| of.values.iter().all(|value| value.name.starts_with(prefix)))
        .unwrap_or_default();
    &value.name[prefix.len()..]
}

/// PQRTC_NULL_POINTER gives NULL_POINTER.
pub fn plain(name: &str) -> &str {
    name.strip_prefix("PQRTC_").or_else(|| name.strip_prefix("pqrtc_")).unwrap_or(name)
}

/// The macros that are sizes, each with the function of the same name if there is one.
pub fn sizes(api: &Api) -> impl Iterator<Item = (&Constant, Option<String>)> {
    api.constants.iter().map(|size| {
        let function = size.name.to_lowercase();
        let function = api.functions.iter().find(|one| one.name == function).map(|one| one.name.clone());
        (size, function)
    })
}

/// Words in capitals where a language writes them so: X_WING gives XWing, KEM_SEED gives KEMSeed if KEM is in `capitals`.
pub fn camel(words: &str, capitals: &[&str]) -> String {
    words
        .to_uppercase()
        .split('_')
        .map(|word| {
            if capitals.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit()) {
                return word.to_owned();
            }
            match word {
                "SFRAME" => "SFrame".into(),
                _ => word[..1].to_owned() + &word[1..].to_lowercase(),
            }
        })
        .collect()
}

/// One line of documentation, for a comment beside a value.
pub fn line(doc: &str) -> &str {
    doc.split('\n').next().unwrap_or_default()
}
