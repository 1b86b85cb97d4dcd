//! Random requests: drawn from the OpenAPI document's schemas, then bent and broken.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::support::Contract;

/// A request to be sent.
pub struct Attempt {
    pub method: String,
    pub url: String,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub body: Option<Vec<u8>>,
    /// The statuses that the operation documents; none where the method is another operation's.
    pub documented: Vec<u16>,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.url)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {}", value.escape_ascii())?;
        }
        write!(f, "{}", self.body.as_deref().unwrap_or_default().escape_ascii())
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, number: usize) -> usize {
        (self.roll() % number.max(1) as u64) as usize
    }

    /// Once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn text(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len())]
    }
}

/// Texts that have hurt somebody.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\0",
    "a\0b",
    "港区",
    "\u{202e}",
    "👨‍👩‍👧‍👦",
    "e\u{301}",
    "\u{feff}",
    "\u{fffd}",
    "'; DROP TABLE organizations; --",
    "%",
    "%00",
    "%s%n",
    "../../etc/passwd",
    "\\",
    "\"",
    "\r\nx: y",
    "null",
    "true",
    "NaN",
    "Infinity",
    "-0",
    "1e400",
    "1e-400",
    "0x10",
    "１２３",
    "٣",
    "一〇〇",
    "〜",
    "▲5",
    "999999999999999999999999999999999999",
    "0.0000000000000000000000000000000000001",
    "12345678901234.5",
    "-1",
    "2021-02-29",
    "2024-02-29",
    "0000-00-00",
    "9999-12-31",
    "-0001-01-01",
    "+262143-12-31",
    "2024-01-01T00:00:00Z",
    "mid_year",
    "year_end",
    "3-10",
    "${jndi}",
    "𠮷",
    "\u{1}",
    "55%以上",
    "前年度以上かつ4件以下",
    "①10件 ②20件",
    "75歳以上の利用率30%以上",
    "3年平均から10%減",
];

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "1.5",
    "12",
    "13",
    "2021",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "1e5",
    "1E-5",
    "1e308",
    "1e400",
    "-1e400",
    "1e-400",
    "1e999999999",
    "1e-999999999",
    "0.1",
    "123456789012345",
    "1234567890123456",
    "0.000000000000000000000000000001",
    "79228162514264337593543950336",
    "3.14159265358979323846264338327950288419716939937510",
];

/// Draws requests.
pub struct Generator {
    document: &'static Value,
    operations: Vec<(String, String, &'static Value)>,
    root: String,
    dice: Dice,
    /// What has been created lately: ids and ETags.
    known: Vec<(String, String)>,
}

impl Generator {
    pub fn new(contract: &'static Contract, root: String, seed: u64) -> Self {
        let operations = contract.operations().map(|(_, method, path, operation)| (method, path.to_owned(), operation));
        let operations = operations.collect();
        Self { document: &contract.document, operations, root, dice: Dice(seed), known: Vec::new() }
    }

    /// Takes notice of what was created, so that later requests can speak of it.
    pub fn learn(&mut self, body: &[u8], etag: &str) {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        if let Some(id) = body["id"].as_str() {
            if self.known.len() >= 200 {
                let old = self.dice.below(self.known.len());
                self.known.swap_remove(old);
            }
            self.known.push((id.to_owned(), etag.to_owned()));
        }
    }

    /// Takes notice of what is gone.
    pub fn forget(&mut self, attempt: &Attempt) {
        self.known.retain(|(id, _)| !attempt.url.contains(id.as_str()));
    }

    /// The next request.
    pub fn attempt(&mut self) -> Attempt {
        let (mut method, template, operation) = self.dice.one(&self.operations).clone();
        let mut known_etag = None;
        let parts: Vec<String> = template.split('/').map(|part| self.segment(part, &mut known_etag)).collect();
        let mut url = format!("{}{}", self.root, parts.join("/"));
        let query = self.query(operation);
        if !query.is_empty() {
            url = format!("{url}?{query}");
        }
        let mut headers: Vec<(&'static str, Vec<u8>)> = Vec::new();
        if matches!(method.as_str(), "PATCH" | "DELETE" | "PUT") && !self.dice.once_in(10) {
            headers.push(("if-match", self.etag(known_etag)));
        }
        if method == "GET" && self.dice.once_in(10) {
            headers.push(("if-none-match", self.etag(known_etag)));
        }
        if method == "POST" && self.dice.once_in(4) {
            let key = if self.dice.once_in(10) {
                self.header_text()
            } else {
                format!("k{}", self.dice.below(300)).into_bytes()
            };
            headers.push(("idempotency-key", key));
        }
        if self.dice.once_in(3) {
            headers.push(("accept-language", if self.dice.once_in(3) { self.header_text() } else { b"en".to_vec() }));
        }
        let content = operation["requestBody"]["content"].as_object().and_then(|content| content.iter().next());
        let mut body = content.map(|(_, media)| self.body(&media["schema"]));
        if let Some((media, _)) = content {
            headers.push((
                "content-type",
                if self.dice.once_in(40) { self.header_text() } else { media.clone().into_bytes() },
            ));
        }
        let statuses = operation["responses"].as_object().unwrap().keys().filter_map(|status| status.parse().ok());
        let mut documented: Vec<u16> = statuses.collect();
        if self.dice.once_in(100) {
            documented.clear();
            method = (self.dice.text(&["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])).to_owned();
            body = body.filter(|_| matches!(method.as_str(), "POST" | "PUT" | "PATCH"));
        }
        Attempt { documented, method, url, headers, body }
    }

    /// A segment of the path: what is known where there is a variable, sometimes anything.
    fn segment(&mut self, part: &str, etag: &mut Option<usize>) -> String {
        if !part.starts_with('{') {
            return part.to_owned();
        }
        if self.known.is_empty() || self.dice.once_in(5) {
            let text = self.dice.text(TEXTS).to_owned();
            return self.encoded(&text);
        }
        let at = self.dice.below(self.known.len());
        *etag = Some(at);
        self.known[at].0.clone()
    }

    fn etag(&mut self, known: Option<usize>) -> Vec<u8> {
        match (self.dice.below(8), known) {
            (0, _) => self.header_text(),
            (1 | 2, _) => b"*".to_vec(),
            (3, _) => b"\"1\", W/\"2\", \"99999999999999999999\"".to_vec(),
            (_, Some(at)) => self.known[at].1.clone().into_bytes(),
            (_, None) => b"\"1-0\"".to_vec(),
        }
    }

    /// Bytes that HTTP lets through in a header.
    fn header_text(&mut self) -> Vec<u8> {
        let text = self.dice.text(TEXTS).as_bytes().to_vec();
        text.into_iter().filter(|byte| *byte >= b' ' && *byte != 0x7f).collect()
    }

    fn encoded(&mut self, text: &str) -> String {
        let mut encoded: String = text
            .bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect();
        if self.dice.once_in(10) {
            encoded.push_str(self.dice.text(&["%ff", "%c3%28", "%", "%zz", "+", "%00", "%2f", "&", "=", ";"]));
        }
        encoded
    }

    fn query(&mut self, operation: &Value) -> String {
        let mut pairs = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query") {
            let needed = parameter["required"] == true;
            while if needed { !self.dice.once_in(20) && pairs.is_empty() } else { self.dice.once_in(6) } {
                let value = if self.dice.once_in(4) {
                    json!(self.dice.text(TEXTS))
                } else {
                    self.draw(&parameter["schema"], 0)
                };
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                pairs.push(format!("{}={}", parameter["name"].as_str().unwrap(), self.encoded(&text)));
            }
        }
        if self.dice.once_in(30) {
            let (name, value) = (self.dice.text(TEXTS), self.dice.text(TEXTS));
            pairs.push(format!("{}={}", self.encoded(name), self.encoded(value)));
        }
        pairs.join("&")
    }

    /// A body: as documented, with up to four bends; now and then broken as bytes.
    fn body(&mut self, schema: &Value) -> Vec<u8> {
        let mut value = self.draw(schema, 0);
        let bends = if self.dice.once_in(2) { 0 } else { 1 + self.dice.below(4) };
        for _ in 0..bends {
            self.bend(&mut value, 0);
        }
        let mut bytes = value.to_string().into_bytes();
        if self.dice.once_in(10) {
            self.smash(&mut bytes);
        }
        bytes
    }

    /// A value that has, mostly, the shape of the schema.
    fn draw(&mut self, schema: &Value, depth: usize) -> Value {
        if depth > 8 {
            return Value::Null;
        }
        if let Some(name) = schema["$ref"].as_str() {
            let target = &self.document["components"]["schemas"][name.rsplit('/').next().unwrap_or_default()];
            return self.draw(target, depth + 1);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema[key].as_array() {
                let one = self.dice.below(alternatives.len());
                return self.draw(&alternatives[one], depth + 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                match self.draw(part, depth + 1) {
                    Value::Object(members) => whole.extend(members),
                    other => return other,
                }
            }
            return Value::Object(whole);
        }
        if let Some(words) = schema["enum"].as_array().filter(|words| !words.is_empty()) {
            return self.dice.one(words).clone();
        }
        if schema.get("const").is_some() {
            return schema["const"].clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) if !kinds.is_empty() => self.dice.one(kinds).clone(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("null") => Value::Null,
            Some("boolean") => json!(self.dice.once_in(2)),
            Some("integer") => {
                let least = schema["minimum"].as_f64().unwrap_or(0.0) as i64;
                let most = schema["maximum"].as_f64().unwrap_or(3000.0) as i64;
                json!(least.saturating_add(self.dice.below((most.saturating_sub(least) as usize).saturating_add(1)) as i64))
            }
            Some("number") => json!(self.dice.below(100_000) as f64 / 100.0),
            Some("array") => {
                let number = self.dice.below(4);
                (0..number).map(|_| self.draw(&schema["items"], depth + 1)).collect()
            }
            Some("object") => self.draw_object(schema, depth),
            _ => self.draw_text(schema),
        }
    }

    fn draw_object(&mut self, schema: &Value, depth: usize) -> Value {
        let needed: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut members = Map::new();
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            if needed.contains(&name.as_str()) || self.dice.once_in(3) {
                members.insert(name.clone(), self.draw(member, depth + 1));
            }
        }
        Value::Object(members)
    }

    fn draw_text(&mut self, schema: &Value) -> Value {
        if let Some(example) =
            schema.get("example").or_else(|| schema["examples"].get(0)).filter(|_| self.dice.once_in(2))
        {
            return example.clone();
        }
        if schema["format"] == "date" {
            return json!(format!(
                "20{:02}-{:02}-{:02}",
                19 + self.dice.below(8),
                1 + self.dice.below(12),
                1 + self.dice.below(28)
            ));
        }
        if let Some(zone) = schema["default"].as_str() {
            return json!(zone);
        }
        if let Some(pattern) = schema["pattern"].as_str() {
            // Digits, decimals, lists of words: what our patterns ask for.
            let number = self.dice.below(1_000_000);
            return match pattern {
                _ if pattern.contains("{6}") => json!(format!("{number:06}")),
                _ if pattern.contains('|') => json!(pattern.trim_matches(|c| "^$()*".contains(c)).split('|').next()),
                _ => json!((number as f64 / 100.0).to_string()),
            };
        }
        match self.dice.below(4) {
            0 if !self.known.is_empty() => {
                let at = self.dice.below(self.known.len());
                json!(self.known[at].0)
            }
            1 => json!(self.dice.text(TEXTS)),
            _ => json!(format!("名{}", self.dice.below(1000))),
        }
    }

    /// Changes one place of the value into something that nobody expects.
    fn bend(&mut self, value: &mut Value, depth: usize) {
        let deeper = depth < 6 && !self.dice.once_in(3);
        match value {
            Value::Object(members) if deeper && !members.is_empty() => {
                let at = self.dice.below(members.len());
                let name = members.keys().nth(at).unwrap().clone();
                match self.dice.below(6) {
                    0 => drop(members.shift_remove(&name)),
                    1 => drop(members.insert(self.dice.text(TEXTS).to_owned(), json!(1))),
                    _ => self.bend(&mut members[&name], depth + 1),
                }
            }
            Value::Array(items) if deeper && !items.is_empty() => {
                let at = self.dice.below(items.len());
                match self.dice.below(6) {
                    0 => drop(items.remove(at)),
                    1 => items.push(items[at].clone()),
                    _ => self.bend(&mut items[at], depth + 1),
                }
            }
            _ => *value = self.strange(),
        }
    }

    fn strange(&mut self) -> Value {
        match self.dice.below(9) {
            0 => Value::Null,
            1 => json!(self.dice.once_in(2)),
            2 | 3 => serde_json::from_str(self.dice.text(NUMBERS)).unwrap(),
            4 => json!([]),
            5 => json!({}),
            6 => {
                let depth = [2, 20, 100, 130, 300][self.dice.below(5)];
                let object = self.dice.once_in(2);
                (0..depth).fold(Value::Null, |inner, _| if object { json!({"of": inner}) } else { json!([inner]) })
            }
            7 => json!(self.dice.text(TEXTS).repeat(1 + self.dice.below(300))),
            _ => json!(self.dice.text(TEXTS)),
        }
    }

    /// Breaks the bytes: cut, torn, doubled, not UTF-8.
    fn smash(&mut self, bytes: &mut Vec<u8>) {
        let at = self.dice.below(bytes.len() + 1);
        match self.dice.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, (self.dice.roll() & 0xff) as u8),
            2 => drop(
                bytes.splice(at..at, self.dice.one(&[*b"\xff\xfe ", *b"\xc3\x28 ", *b"\xed\xa0\x80"]).iter().copied()),
            ),
            3 => bytes.extend(bytes.clone()),
            4 => drop(bytes.splice(at..at, b"\"a\":1,\"a\":2,".iter().copied())),
            _ => *bytes = vec![*self.dice.one(b"[{\"0-"); 1 + self.dice.below(5000)],
        }
    }
}
