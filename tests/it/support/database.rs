//! One throw-away server per test process, one migrated template, one clone per test. Tests work as the program's own
//! login, which has no special rights: walls that only a superuser walks through would not be seen otherwise.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use secrecy::SecretString;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tokio::sync::OnceCell;
use utvag::db::local::LocalServer;
use utvag::db::{Db, bootstrap};

static SERVER: OnceLock<LocalServer> = OnceLock::new();
static TEMPLATE: OnceCell<()> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(1);
const APP_PASSWORD: &str = "only-for-this-test-run";

/// A database that nobody else uses.
pub struct Database {
    name: String,
}

fn server() -> &'static LocalServer {
    SERVER.get_or_init(|| LocalServer::throwaway().unwrap_or_else(|error| panic!("{error}")))
}

fn superuser(database: &str) -> PgConnectOptions {
    use secrecy::ExposeSecret;
    server().url(database, server().superuser(), server().password()).expose_secret().parse().unwrap()
}

impl Database {
    pub async fn new() -> Self {
        TEMPLATE
            .get_or_init(|| async {
                let mut owner = superuser("postgres").connect().await.unwrap();
                owner.execute("create database utvag_template").await.unwrap();
                owner.close().await.unwrap();
                let password = SecretString::from(APP_PASSWORD.to_owned());
                bootstrap::prepare(&superuser("utvag_template"), &password).await.unwrap();
            })
            .await;
        let name = format!("utvag_test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut owner = superuser("postgres").connect().await.unwrap();
        let statement = format!("create database {name} template utvag_template strategy file_copy");
        owner.execute(AssertSqlSafe(statement)).await.unwrap();
        // Rights on a database are not cloned with it.
        owner.execute(AssertSqlSafe(format!("revoke all on database {name} from public"))).await.unwrap();
        owner.execute(AssertSqlSafe(format!("grant connect on database {name} to utvag_app"))).await.unwrap();
        Self { name }
    }

    /// Where the program's own login finds it.
    pub fn address(&self) -> String {
        use secrecy::ExposeSecret;
        let password = SecretString::from(APP_PASSWORD.to_owned());
        server().url(&self.name, "utvag_app", &password).expose_secret().to_owned()
    }

    pub fn app_options(&self) -> PgConnectOptions {
        self.address().parse().unwrap()
    }

    /// As the program sees it.
    pub async fn db(&self) -> Db {
        Db::connect(self.app_options(), 5).await.unwrap()
    }

    /// The program's login, with no Rust of ours in between.
    pub async fn app(&self) -> PgConnection {
        self.app_options().connect().await.unwrap()
    }

    /// For fixtures, and for playing the operator who turns bad.
    pub async fn superuser(&self) -> PgConnection {
        superuser(&self.name).connect().await.unwrap()
    }

    /// Where the program would be sent if somebody gave it the wrong login.
    pub fn superuser_options(&self) -> PgConnectOptions {
        superuser(&self.name)
    }
}
