//! A connection with deadlines that hyper does not have: for a request's head once its first byte has come, and for an
//! answer that nobody reads. Bodies have theirs in `web::body`; the idle time between requests is hyper's.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

/// What the connection is doing, told by whoever runs the requests.
#[derive(Clone)]
pub(super) struct Pace(Arc<AtomicU8>);

impl Pace {
    const HEAD: u8 = 0;
    const BUSY: u8 = 1;
    const IDLE: u8 = 2;

    /// A new connection has come to ask something: its head is waited for from the start.
    pub fn new() -> Self {
        Self(Arc::new(AtomicU8::new(Self::HEAD)))
    }

    pub fn head_read(&self) {
        self.0.store(Self::BUSY, Ordering::Release);
    }

    pub fn answered(&self) {
        self.0.store(Self::IDLE, Ordering::Release);
    }

    fn is(&self, phase: u8) -> bool {
        self.0.load(Ordering::Acquire) == phase
    }
}

pub(super) struct Wire {
    stream: TcpStream,
    pace: Pace,
    head: Duration,
    stalled: Duration,
    head_due: Option<Pin<Box<Sleep>>>,
    write_due: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    pub fn new(stream: TcpStream, pace: Pace, head: Duration, stalled: Duration) -> Self {
        Self { stream, pace, head, stalled, head_due: Some(Box::pin(sleep(head))), write_due: None }
    }

    fn written<T>(&mut self, context: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.write_due = None;
            return result;
        }
        let due = self.write_due.get_or_insert_with(|| Box::pin(sleep(self.stalled)));
        ready!(due.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.pace.is(Pace::HEAD) {
            self.head_due = None;
        }
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if self.pace.is(Pace::IDLE) && buffer.filled().len() > before {
            self.pace.0.store(Pace::HEAD, Ordering::Release);
            self.head_due = Some(Box::pin(sleep(self.head)));
        }
        if result.is_pending()
            && let Some(due) = &mut self.head_due
        {
            ready!(due.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        result
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.written(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(context);
        self.written(context, result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
