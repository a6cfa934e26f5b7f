import com.example.mail.MailServer;
import dev.sheave.block.Block;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowRunContext;

/** A flow that uses a block of the new type. */
public final class MailFlow {

  /** Says where mail goes. */
  @Flow
  public static void mail() {
    MailServer office = Block.load("mail-server/office", MailServer.class);
    FlowRunContext.current()
        .logger()
        .info("Mail of {} goes to {}", office.user(), office.address());
  }
}
